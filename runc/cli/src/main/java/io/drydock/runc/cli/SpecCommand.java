package io.drydock.runc.cli;

import io.drydock.runc.cgroups.CgroupLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code runc spec}: a config to begin with. */
final class SpecCommand {
    private static final String OWN_NAMESPACES = "\t\t\t{\n\t\t\t\t\"type\": \"mount\"\n\t\t\t}";

    int run(CommandLine line) throws UsageException, IOException {
        if (!line.arguments().isEmpty()) {
            throw new UsageException("runc: \"spec\" requires exactly 0 argument(s)");
        }
        Path config = Path.of(line.get("bundle", "")).resolve("config.json");
        if (Files.exists(config)) {
            throw new IOException("File config.json exists. Remove it first");
        }
        try (InputStream template = SpecCommand.class.getResourceAsStream("config.json")) {
            if (template == null) {
                throw new IOException("config template is missing");
            }
            String spec = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            if (CgroupLayout.read().isUnified()) {
                spec = withNamespace(spec, "cgroup");
            }
            Files.writeString(config, line.has("rootless") ? rootless(spec) : spec);
        }
        return 0;
    }

    /** What a user may do without help: one id, the host's network and a bind of its {@code /sys}, no limits. */
    private static String rootless(String spec) throws IOException {
        String map = "\t\t\t{\n\t\t\t\t\"containerID\": 0,\n\t\t\t\t\"hostID\": %d,\n\t\t\t\t\"size\": 1\n\t\t\t}\n";
        String maps = "\t\t\"uidMappings\": [\n" + map.formatted(own("uid")) + "\t\t],\n\t\t\"gidMappings\": [\n"
                + map.formatted(own("gid")) + "\t\t],\n";
        int resources = spec.indexOf("\t\t\"resources\"");
        int namespaces = spec.indexOf("\t\t\"namespaces\"");
        String changed = spec.substring(0, resources) + maps + spec.substring(namespaces);
        changed = changed.replace("\t\t\t{\n\t\t\t\t\"type\": \"network\"\n\t\t\t},\n", "")
                .replace(",\n\t\t\t\t\"gid=5\"", "")
                .replace(
                        "\"type\": \"sysfs\",\n\t\t\t\"source\": \"sysfs\",\n\t\t\t\"options\": [\n",
                        "\"type\": \"none\",\n\t\t\t\"source\": \"/sys\",\n\t\t\t\"options\": [\n\t\t\t\t\"rbind\",\n");
        return withNamespace(changed, "user");
    }

    /** The process's effective {@code uid} or {@code gid}. */
    private static int own(String kind) throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:" + kind);
    }

    private static String withNamespace(String spec, String type) {
        return spec.replace(OWN_NAMESPACES, OWN_NAMESPACES + ",\n\t\t\t{\n\t\t\t\t\"type\": \"" + type + "\"\n\t\t\t}");
    }
}
