package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker system df}. */
public final class DiskUsageCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (flags.bool("verbose")) {
            Map<String, Object> usage = Api.object(cli, Request.get("/system/df"));
            cli.print(new DiskUsageDetails(usage).render(flags.text("format")));
            return 0;
        }
        ListFormat list = ListFormat.of(
                flags.text("format"), "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}", "");
        Map<String, Object> usage = Api.object(cli, Request.get("/system/df"));
        var rows = List.of(images(usage), containers(usage), volumes(usage), cache(usage));
        cli.print(list.render(
                rows,
                Map.of(
                        "Type", "TYPE",
                        "TotalCount", "TOTAL",
                        "Active", "ACTIVE",
                        "Size", "SIZE",
                        "Reclaimable", "RECLAIMABLE")));
        return 0;
    }

    private static Row row(String type, long total, long active, long size, long reclaimable, boolean percent) {
        String reclaim =
                Units.preciseSize(reclaimable) + (percent && size > 0 ? " (" + reclaimable * 100 / size + "%)" : "");
        return new Row("*formatter.diskUsageContext")
                .with("Active", active + "")
                .with("Reclaimable", reclaim)
                .with("Size", Units.preciseSize(size))
                .with("TotalCount", total + "")
                .with("Type", type);
    }

    private static Row images(Map<String, Object> usage) {
        long active = 0;
        long used = 0;
        List<Object> images = Json.list(usage.get("Images"));
        for (Object image : images) {
            active += Json.number(image, "Containers") > 0 ? 1 : 0;
            long shared = Json.number(image, "SharedSize");
            if (Json.number(image, "Containers") != 0 && shared >= 0) {
                used += Json.number(image, "Size") - shared;
            }
        }
        long size = Json.number(usage, "LayersSize");
        return row("Images", images.size(), active, size, Math.max(0, size - used), true);
    }

    private static Row containers(Map<String, Object> usage) {
        long active = 0;
        long size = 0;
        long reclaimable = 0;
        List<Object> containers = Json.list(usage.get("Containers"));
        for (Object container : containers) {
            String state = Json.text(container, "State");
            boolean running = state.equals("running") || state.equals("paused") || state.equals("restarting");
            active += running ? 1 : 0;
            size += Json.number(container, "SizeRw");
            reclaimable += running ? 0 : Json.number(container, "SizeRw");
        }
        return row("Containers", containers.size(), active, size, reclaimable, true);
    }

    private static Row volumes(Map<String, Object> usage) {
        long active = 0;
        long size = 0;
        long reclaimable = 0;
        List<Object> volumes = Json.list(usage.get("Volumes"));
        for (Object volume : volumes) {
            long bytes = Math.max(0, Json.number(volume, "UsageData", "Size"));
            boolean used = Json.number(volume, "UsageData", "RefCount") > 0;
            active += used ? 1 : 0;
            size += bytes;
            reclaimable += used ? 0 : bytes;
        }
        return row("Local Volumes", volumes.size(), active, size, reclaimable, true);
    }

    private static Row cache(Map<String, Object> usage) {
        long active = 0;
        long size = 0;
        long reclaimable = 0;
        List<Object> cache = Json.list(usage.get("BuildCache"));
        for (Object entry : cache) {
            long bytes = Json.bool(entry, "Shared") ? 0 : Json.number(entry, "Size");
            active += Json.bool(entry, "InUse") ? 1 : 0;
            size += bytes;
            reclaimable += Json.bool(entry, "InUse") ? 0 : bytes;
        }
        return row("Build Cache", cache.size(), active, size, reclaimable, false);
    }
}
