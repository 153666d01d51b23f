package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import java.util.List;
import java.util.Map;

/** What an engine warns of: in its own words, or for older engines by what it cannot do. */
final class InfoWarnings {
    private final Cli cli;
    private final Map<String, Object> info;

    InfoWarnings(Cli cli, Map<String, Object> info) {
        this.cli = cli;
        this.info = info;
    }

    void print() {
        List<Object> warnings = Json.list(info.get("Warnings"));
        if (!warnings.isEmpty()) {
            warnings.forEach(warning -> cli.error(warning.toString()));
            return;
        }
        if (!Json.text(info, "OSType").equals("linux")) {
            return;
        }
        missing("MemoryLimit", "No memory limit support");
        missing("SwapLimit", "No swap limit support");
        if (Json.text(info, "CgroupVersion").equals("1")) {
            missing("OomKillDisable", "No oom kill disable support");
        }
        missing("CpuCfsQuota", "No cpu cfs quota support");
        missing("CpuCfsPeriod", "No cpu cfs period support");
        missing("CPUShares", "No cpu shares support");
        missing("CPUSet", "No cpuset support");
        missing("IPv4Forwarding", "IPv4 forwarding is disabled");
    }

    private void missing(String member, String warning) {
        if (!Json.bool(info, member)) {
            cli.error("WARNING: " + warning);
        }
    }
}
