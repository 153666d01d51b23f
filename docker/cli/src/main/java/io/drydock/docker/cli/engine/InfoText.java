package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an engine says of itself, section by section. */
final class InfoText {
    private final StringBuilder out;
    private final Map<String, Object> info;

    InfoText(StringBuilder out, Map<String, Object> info) {
        this.out = out;
        this.info = info;
    }

    void write() {
        line(" Containers: ", Json.number(info, "Containers") + "");
        line("  Running: ", Json.number(info, "ContainersRunning") + "");
        line("  Paused: ", Json.number(info, "ContainersPaused") + "");
        line("  Stopped: ", Json.number(info, "ContainersStopped") + "");
        line(" Images: ", Json.number(info, "Images") + "");
        optional(" Server Version: ", text("ServerVersion"));
        optional(" Storage Driver: ", text("Driver"));
        for (Object pair : Json.list(info.get("DriverStatus"))) {
            line("  " + Json.list(pair).get(0) + ": ", Json.list(pair).get(1) + "");
        }
        for (Object pair : Json.list(info.get("SystemStatus"))) {
            line(" " + Json.list(pair).get(0) + ": ", Json.list(pair).get(1) + "");
        }
        optional(" Logging Driver: ", text("LoggingDriver"));
        optional(" Cgroup Driver: ", text("CgroupDriver"));
        optional(" Cgroup Version: ", text("CgroupVersion"));
        out.append(" Plugins:\n");
        plugins("Volume", true);
        plugins("Network", true);
        plugins("Authorization", false);
        plugins("Log", true);
        devices();
        swarm();
        runtimes();
        security();
        optional(" Kernel Version: ", text("KernelVersion"));
        optional(" Operating System: ", text("OperatingSystem"));
        optional(" OSType: ", text("OSType"));
        optional(" Architecture: ", text("Architecture"));
        line(" CPUs: ", Json.number(info, "NCPU") + "");
        line(" Total Memory: ", Units.memory(Json.number(info, "MemTotal")));
        optional(" Name: ", text("Name"));
        optional(" ID: ", text("ID"));
        line(" Docker Root Dir: ", text("DockerRootDir"));
        line(" Debug Mode: ", Json.bool(info, "Debug") + "");
        if (Json.bool(info, "Debug")) {
            line("  File Descriptors: ", Json.number(info, "NFd") + "");
            line("  Goroutines: ", Json.number(info, "NGoroutines") + "");
            line("  System Time: ", text("SystemTime"));
            line("  EventsListeners: ", Json.number(info, "NEventsListener") + "");
        }
        optional(" HTTP Proxy: ", text("HttpProxy"));
        optional(" HTTPS Proxy: ", text("HttpsProxy"));
        optional(" No Proxy: ", text("NoProxy"));
        labels();
        line(" Experimental: ", Json.bool(info, "ExperimentalBuild") + "");
        registries();
        line(" Live Restore Enabled: ", Json.bool(info, "LiveRestoreEnabled") + "");
        optional(" Product License: ", text("ProductLicense"));
        pools();
    }

    private String text(String name) {
        return Json.text(info, name);
    }

    private void line(String label, String value) {
        out.append(label).append(value).append('\n');
    }

    private void optional(String label, String value) {
        if (!value.isEmpty()) {
            line(label, value);
        }
    }

    private static String words(List<Object> list) {
        var words = new StringBuilder();
        for (Object word : list) {
            words.append(words.isEmpty() ? "" : " ").append(word);
        }
        return words.toString();
    }

    private void plugins(String kind, boolean always) {
        List<Object> names = Json.list(Json.at(info, "Plugins", kind));
        if (always || !names.isEmpty()) {
            line("  " + kind + ": ", words(names));
        }
    }

    private void devices() {
        List<Object> directories = Json.list(info.get("CDISpecDirs"));
        if (!directories.isEmpty()) {
            out.append(" CDI spec directories:\n");
            directories.forEach(d -> line("  ", d + ""));
        }
    }

    private void swarm() {
        line(" Swarm: ", Json.text(info, "Swarm", "LocalNodeState"));
        if (Json.text(info, "Swarm", "LocalNodeState").equals("active")) {
            line("  NodeID: ", Json.text(info, "Swarm", "NodeID"));
            line("  Is Manager: ", Json.bool(info, "Swarm", "ControlAvailable") + "");
        }
    }

    private void runtimes() {
        Map<String, Object> runtimes = Json.map(info.get("Runtimes"));
        if (!runtimes.isEmpty()) {
            line(" Runtimes: ", String.join(" ", new TreeMap<>(runtimes).keySet()));
            line(" Default Runtime: ", text("DefaultRuntime"));
        }
        if (text("OSType").equals("linux")) {
            line(" Init Binary: ", text("InitBinary"));
            commit(" containerd version: ", "ContainerdCommit");
            commit(" runc version: ", "RuncCommit");
            commit(" init version: ", "InitCommit");
        }
    }

    private void commit(String label, String member) {
        line(label, Json.text(info, member, "ID"));
    }

    private void security() {
        List<Object> options = Json.list(info.get("SecurityOptions"));
        if (options.isEmpty()) {
            return;
        }
        out.append(" Security Options:\n");
        for (Object option : options) {
            for (String pair : option.toString().split(",")) {
                if (pair.startsWith("name=")) {
                    line("  ", pair.substring(5));
                } else if (pair.startsWith("profile=")) {
                    line("   Profile: ", pair.substring(8));
                } else {
                    line("   ", pair);
                }
            }
        }
    }

    private void labels() {
        List<Object> labels = Json.list(info.get("Labels"));
        if (!labels.isEmpty()) {
            out.append(" Labels:\n");
            labels.forEach(label -> line("  ", label + ""));
        }
    }

    private void registries() {
        Map<String, Object> registry = Json.map(info.get("RegistryConfig"));
        if (registry.isEmpty()) {
            return;
        }
        List<Object> blocks = Json.list(registry.get("InsecureRegistryCIDRs"));
        var insecure = new StringBuilder();
        new TreeMap<>(Json.map(registry.get("IndexConfigs"))).forEach((name, index) -> {
            if (!Json.bool(index, "Secure")) {
                insecure.append("  ").append(name).append('\n');
            }
        });
        if (!blocks.isEmpty() || !insecure.isEmpty()) {
            out.append(" Insecure Registries:\n").append(insecure);
            blocks.forEach(block -> line("  ", block + ""));
        }
        List<Object> mirrors = Json.list(registry.get("Mirrors"));
        if (!mirrors.isEmpty()) {
            out.append(" Registry Mirrors:\n");
            mirrors.forEach(mirror -> line("  ", mirror + ""));
        }
    }

    private void pools() {
        List<Object> pools = Json.list(info.get("DefaultAddressPools"));
        if (!pools.isEmpty()) {
            out.append(" Default Address Pools:\n");
            pools.forEach(pool -> line("   Base: ", Json.text(pool, "Base") + ", Size: " + Json.text(pool, "Size")));
        }
    }
}
