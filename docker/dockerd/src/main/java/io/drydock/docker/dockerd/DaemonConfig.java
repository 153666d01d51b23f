package io.drydock.docker.dockerd;

import io.drydock.docker.engine.log.LogDriver;
import io.drydock.spec.engine.EngineException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a daemon: flags and {@code daemon.json} taken together, checked. */
final class DaemonConfig {
    private static final Path DEFAULT_FILE = Path.of("/etc/docker/daemon.json");

    /** What a SIGHUP changes. */
    static final List<DaemonFlag> RELOADED = List.of(
            DaemonFlag.ADD_RUNTIME,
            DaemonFlag.AUTHORIZATION_PLUGIN,
            DaemonFlag.DEBUG,
            DaemonFlag.DEFAULT_CGROUPNS_MODE,
            DaemonFlag.DEFAULT_IPC_MODE,
            DaemonFlag.DEFAULT_RUNTIME,
            DaemonFlag.DEFAULT_SHM_SIZE,
            DaemonFlag.DEFAULT_STOP_TIMEOUT,
            DaemonFlag.FEATURE,
            DaemonFlag.INSECURE_REGISTRY,
            DaemonFlag.LABEL,
            DaemonFlag.LIVE_RESTORE,
            DaemonFlag.MAX_CONCURRENT_DOWNLOADS,
            DaemonFlag.MAX_CONCURRENT_UPLOADS,
            DaemonFlag.MAX_DOWNLOAD_ATTEMPTS,
            DaemonFlag.REGISTRY_MIRROR,
            DaemonFlag.SHUTDOWN_TIMEOUT);

    private final Map<DaemonFlag, List<String>> values;

    private DaemonConfig(Map<DaemonFlag, List<String>> values) {
        this.values = values;
    }

    static DaemonConfig of(String... arguments) throws BadUsage {
        var flags = CommandLine.parse(arguments);
        var values = new EnumMap<>(flags);
        var named = flags.get(DaemonFlag.CONFIG_FILE);
        Path file = named == null ? DEFAULT_FILE : Path.of(named.getFirst());
        if (named != null || Files.exists(file)) {
            var fromFile = ConfigFile.read(file);
            refuseConflicts(flags, fromFile, file);
            values.putAll(fromFile);
        }
        var config = new DaemonConfig(values);
        config.check();
        return config;
    }

    /** The same with some settings of another. */
    DaemonConfig with(List<DaemonFlag> flags, DaemonConfig other) {
        var changed = new EnumMap<>(values);
        for (DaemonFlag flag : flags) {
            var value = other.values.get(flag);
            if (value == null) {
                changed.remove(flag);
            } else {
                changed.put(flag, value);
            }
        }
        return new DaemonConfig(changed);
    }

    /** A setting as text; empty if it is not set. */
    String shown(DaemonFlag flag) {
        var value = values.get(flag);
        return value == null ? "" : show(flag, value);
    }

    private static void refuseConflicts(
            Map<DaemonFlag, List<String>> flags, Map<DaemonFlag, List<String>> file, Path path) throws BadUsage {
        var conflicts = new ArrayList<String>();
        for (var entry : file.entrySet()) {
            var flag = flags.get(entry.getKey());
            if (flag != null) {
                conflicts.add(entry.getKey().key + ": (from flag: " + show(entry.getKey(), flag) + ", from file: "
                        + show(entry.getKey(), entry.getValue()) + ")");
            }
        }
        if (!conflicts.isEmpty()) {
            throw new BadUsage("unable to configure the Docker daemon with file " + path
                    + ": the following directives are specified both as a flag and in the configuration file: "
                    + String.join(", ", conflicts));
        }
    }

    private static String show(DaemonFlag flag, List<String> values) {
        return flag.kind == DaemonFlag.Kind.LIST ? "[" + String.join(" ", values) + "]" : values.getFirst();
    }

    private void check() throws BadUsage {
        for (var entry : values.entrySet()) {
            var flag = entry.getKey();
            if (!flag.refusal.isEmpty() && !entry.getValue().equals(List.of("false"))) {
                throw new BadUsage("--" + flag.flag + ": " + flag.refusal + " is not built into this engine yet");
            }
        }
        only(DaemonFlag.STORAGE_DRIVER, List.of("overlay2", "overlayfs"), "storage driver");
        logDriver();
        only(DaemonFlag.LOG_FORMAT, List.of("text", "json"), "log format");
        only(DaemonFlag.DEFAULT_IPC_MODE, List.of("private", "shareable"), "default IPC mode");
        only(DaemonFlag.DEFAULT_CGROUPNS_MODE, List.of("host", "private"), "default cgroup namespace mode");
        metricsAddress();
        limit(DaemonFlag.MAX_CONCURRENT_DOWNLOADS, "max concurrent downloads");
        limit(DaemonFlag.MAX_CONCURRENT_UPLOADS, "max concurrent uploads");
        limit(DaemonFlag.MAX_DOWNLOAD_ATTEMPTS, "max download attempts");
        only(DaemonFlag.LOG_LEVEL, List.of("debug", "info", "warn", "warning", "error", "fatal"), "log level");
        for (String option : list(DaemonFlag.EXEC_OPT)) {
            if (!option.equals("native.cgroupdriver=cgroupfs")) {
                throw new BadUsage(
                        "exec option \"" + option + "\" is not supported: only native.cgroupdriver=cgroupfs is");
            }
        }
        for (String label : list(DaemonFlag.LABEL)) {
            if (label.indexOf('=') < 1) {
                throw new BadUsage("bad attribute format: " + label);
            }
        }
        for (var feature : pairs(DaemonFlag.FEATURE).entrySet()) {
            if (!feature.getKey().equals("containerd-snapshotter")
                    || !feature.getValue().equals("true")) {
                throw new BadUsage("feature \"" + feature.getKey() + "=" + feature.getValue()
                        + "\" is not built into this engine yet: it has containerd-snapshotter=true");
            }
        }
        if (flag(DaemonFlag.TLSVERIFY, false) && text(DaemonFlag.TLSCACERT, "").isEmpty()) {
            throw new BadUsage("--tlsverify needs --tlscacert");
        }
        number(DaemonFlag.MTU, 0);
        number(DaemonFlag.SHUTDOWN_TIMEOUT, 0);
        number(DaemonFlag.DEFAULT_STOP_TIMEOUT, 0);
        hosts();
        mirrors();
    }

    private void logDriver() throws BadUsage {
        try {
            LogDriver.check(text(DaemonFlag.LOG_DRIVER, "json-file"), pairs(DaemonFlag.LOG_OPT));
        } catch (EngineException e) {
            throw new BadUsage("failed to set log opts: " + e.getMessage());
        }
    }

    /** Where metrics are served; null for nowhere. */
    @Nullable
    InetSocketAddress metricsAddress() throws BadUsage {
        String text = text(DaemonFlag.METRICS_ADDR, "");
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0)).replace("[", "").replace("]", "");
            return new InetSocketAddress(
                    host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new BadUsage("invalid argument \"" + text + "\" for \"--metrics-addr\" flag: must be host:port");
        }
    }

    private void only(DaemonFlag flag, List<String> allowed, String what) throws BadUsage {
        String value = text(flag, allowed.getFirst());
        if (!allowed.contains(value)) {
            throw new BadUsage(
                    "invalid " + what + ": " + value + " (this engine has " + String.join(", ", allowed) + ")");
        }
    }

    boolean flag(DaemonFlag flag, boolean otherwise) {
        var list = values.get(flag);
        return list == null ? otherwise : Boolean.parseBoolean(list.getFirst());
    }

    String text(DaemonFlag flag, String otherwise) {
        var list = values.get(flag);
        return list == null ? otherwise : list.getFirst();
    }

    List<String> list(DaemonFlag flag) {
        return values.getOrDefault(flag, List.of());
    }

    int number(DaemonFlag flag, int otherwise) throws BadUsage {
        String text = text(flag, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadUsage("invalid argument \"" + text + "\" for \"--" + flag.flag
                    + "\" flag: strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }

    /**
     * A number that may not be negative, in the original's words.
     *
     * @return 0 if it is not set, or set to 0
     */
    int limit(DaemonFlag flag, String words) throws BadUsage {
        int number = number(flag, 0);
        if (number < 0 || number == 0 && flag == DaemonFlag.MAX_DOWNLOAD_ATTEMPTS && values.containsKey(flag)) {
            throw new BadUsage("invalid " + words + ": " + number);
        }
        return number;
    }

    /** Values of the form {@code name=value}. */
    Map<String, String> pairs(DaemonFlag flag) throws BadUsage {
        var pairs = new LinkedHashMap<String, String>();
        for (String text : list(flag)) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new BadUsage(
                        "invalid argument \"" + text + "\" for \"--" + flag.flag + "\" flag: must be name=value");
            }
            pairs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return pairs;
    }

    /** Bytes, written as {@code 64M} or the like; units are powers of 1024. */
    long bytes(DaemonFlag flag, long otherwise) throws BadUsage {
        String text = text(flag, "").toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return otherwise;
        }
        String digits = text.replaceAll("[a-z]+$", "");
        long unit =
                switch (text.substring(digits.length())) {
                    case "", "b" -> 1;
                    case "k", "kb", "kib" -> 1L << 10;
                    case "m", "mb", "mib" -> 1L << 20;
                    case "g", "gb", "gib" -> 1L << 30;
                    default -> 0;
                };
        try {
            if (unit > 0) {
                return Long.parseLong(digits) * unit;
            }
        } catch (NumberFormatException e) {
            throw new BadUsage("invalid size: '" + text + "'");
        }
        throw new BadUsage("invalid size: '" + text + "'");
    }

    boolean tls() {
        return flag(DaemonFlag.TLS, false) || flag(DaemonFlag.TLSVERIFY, false);
    }

    List<HostAddress> hosts() throws BadUsage {
        var hosts = new ArrayList<HostAddress>();
        for (String text : list(DaemonFlag.HOST)) {
            hosts.add(HostAddress.parse(text, tls()));
        }
        return hosts.isEmpty() ? List.of(HostAddress.parse("unix:///var/run/docker.sock", false)) : hosts;
    }

    /** Mirrors of Docker Hub, each with a slash at its end. */
    List<String> mirrors() throws BadUsage {
        var mirrors = new ArrayList<String>();
        for (String text : list(DaemonFlag.REGISTRY_MIRROR)) {
            if (!text.startsWith("http://") && !text.startsWith("https://")) {
                throw new BadUsage("invalid mirror: no scheme specified for \"" + text
                        + "\": must use either 'https://' or 'http://'");
            }
            if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
                throw new BadUsage("invalid mirror: query or fragment at end of the URI \"" + text + "\"");
            }
            mirrors.add(text.endsWith("/") ? text : text + "/");
        }
        return mirrors;
    }

    Path dataRoot() {
        return Path.of(text(DaemonFlag.DATA_ROOT, "/var/lib/docker"))
                .toAbsolutePath()
                .normalize();
    }

    Path execRoot() {
        return Path.of(text(DaemonFlag.EXEC_ROOT, "/var/run/docker"))
                .toAbsolutePath()
                .normalize();
    }
}
