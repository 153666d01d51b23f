package io.drydock.docker.cli.container;

import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/**
 * What {@code docker stats} shows of a container.
 *
 * @param container as the user named it
 * @param stats the engine's numbers; empty if there are none yet
 * @param valid whether they are new enough to be shown
 */
record StatsSample(String container, Map<String, Object> stats, boolean valid) {
    private static final String NONE = "--";

    Row row(boolean truncate) {
        String id = Json.text(stats, "id");
        String name = Json.text(stats, "name");
        String shown = name.startsWith("/") ? name.substring(1) : name;
        return new Row("*container.statsContext")
                .with("BlockIO", () -> valid ? blockIo() : NONE)
                .with("CPUPerc", () -> valid ? percent(cpu()) : NONE)
                .with("Container", container)
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("MemPerc", () -> valid ? percent(memoryPercent()) : NONE)
                .with("MemUsage", () -> valid ? Units.memory(memory()) + " / " + Units.memory(limit()) : "-- / --")
                .with("Name", shown.isEmpty() ? NONE : shown)
                .with("NetIO", () -> valid ? networkIo() : NONE)
                .with("PIDs", () -> valid ? Json.number(stats, "pids_stats", "current") + "" : NONE);
    }

    private static String percent(double value) {
        return new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString() + "%";
    }

    /** Percent of one processor since the sample before. */
    private double cpu() {
        double own = Json.number(stats, "cpu_stats", "cpu_usage", "total_usage")
                - Json.number(stats, "precpu_stats", "cpu_usage", "total_usage");
        double all = Json.number(stats, "cpu_stats", "system_cpu_usage")
                - Json.number(stats, "precpu_stats", "system_cpu_usage");
        double processors = Json.number(stats, "cpu_stats", "online_cpus");
        if (processors == 0) {
            processors = Json.list(Json.at(stats, "cpu_stats", "cpu_usage", "percpu_usage"))
                    .size();
        }
        return own > 0 && all > 0 ? own / all * processors * 100 : 0;
    }

    /** Bytes without the part of the page cache that nobody used for long. */
    private double memory() {
        long usage = Json.number(stats, "memory_stats", "usage");
        Map<String, Object> details = Json.map(Json.at(stats, "memory_stats", "stats"));
        if (details.containsKey("total_inactive_file") && Json.number(details, "total_inactive_file") < usage) {
            return usage - Json.number(details, "total_inactive_file");
        }
        long inactive = Json.number(details, "inactive_file");
        return inactive < usage ? usage - inactive : usage;
    }

    private double limit() {
        return Json.number(stats, "memory_stats", "limit");
    }

    private double memoryPercent() {
        return limit() == 0 ? 0 : memory() / limit() * 100;
    }

    private String networkIo() {
        double received = 0;
        double sent = 0;
        for (Object network : Json.map(stats.get("networks")).values()) {
            received += Json.number(network, "rx_bytes");
            sent += Json.number(network, "tx_bytes");
        }
        return Units.size(received) + " / " + Units.size(sent);
    }

    private String blockIo() {
        double read = 0;
        double written = 0;
        for (Object entry : Json.list(Json.at(stats, "blkio_stats", "io_service_bytes_recursive"))) {
            String operation = Json.text(entry, "op").toLowerCase();
            if (operation.startsWith("r")) {
                read += Json.number(entry, "value");
            } else if (operation.startsWith("w")) {
                written += Json.number(entry, "value");
            }
        }
        return Units.size(read) + " / " + Units.size(written);
    }
}
