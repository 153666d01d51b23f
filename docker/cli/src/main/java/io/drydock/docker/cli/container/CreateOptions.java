package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import io.drydock.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags of {@code docker run} and {@code docker create} as the body of a create request. */
final class CreateOptions {
    private final FlagSet flags;
    private final Map<String, String> environment;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Map<String, Object> host = new LinkedHashMap<>();

    private CreateOptions(FlagSet flags, Map<String, String> environment) {
        this.flags = flags;
        this.environment = environment;
    }

    static void prepare(FlagSet flags) {
        flags.check("mount", MountSpecs::parse);
        flags.check("attach", CreateOptions::checkAttach);
        flags.check("add-host", CreateOptions::checkHost);
        flags.check("env", CreateOptions::checkEnv);
        flags.check("ulimit", HostOptions::ulimit);
        flags.check("label", CreateOptions::checkLabel);
        flags.check("sysctl", HostOptions::checkSysctl);
        flags.check("dns", CreateOptions::checkAddress);
        flags.check("gpus", Devices::gpus);
        flags.check("device-cgroup-rule", Devices::checkRule);
        flags.check("blkio-weight-device", Devices::weight);
        flags.check("device-read-bps", Devices::bytesRate);
        flags.check("device-write-bps", Devices::bytesRate);
        flags.check("device-read-iops", Devices::operationsRate);
        flags.check("device-write-iops", Devices::operationsRate);
    }

    private static void checkAttach(String s) throws FlagException {
        switch (s.toLowerCase()) {
            case "stdin", "stdout", "stderr" -> {}
            default -> throw new FlagException("valid streams are STDIN, STDOUT and STDERR");
        }
    }

    private static void checkHost(String s) throws FlagException {
        int cut = s.indexOf('=') >= 0 ? s.indexOf('=') : s.indexOf(':');
        if (cut <= 0) {
            throw new FlagException("bad format for add-host: " + FlagValues.quote(s));
        }
        String address = s.substring(cut + 1);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (!address.equals("host-gateway")) {
            try {
                checkAddress(address);
            } catch (FlagException e) {
                throw new FlagException("invalid IP address in add-host: " + FlagValues.quote(address));
            }
        }
    }

    private static void checkAddress(String s) throws FlagException {
        boolean good = !s.isEmpty();
        for (int i = 0; i < s.length(); i++) {
            good &= ".:%".indexOf(s.charAt(i)) >= 0 || Character.digit(s.charAt(i), 16) >= 0;
        }
        if (!good || s.indexOf('.') < 0 && s.indexOf(':') < 0) {
            throw new FlagException("IP address is not correctly formatted: " + s);
        }
    }

    private static void checkEnv(String s) throws FlagException {
        if (s.isEmpty() || s.startsWith("=")) {
            throw new FlagException("invalid environment variable: " + s);
        }
    }

    private static void checkLabel(String s) throws FlagException {
        if (s.isEmpty() || s.startsWith("=")) {
            throw new FlagException("invalid label '" + s + "': empty name");
        }
    }

    /** The request's body: Config with HostConfig and NetworkingConfig in it. */
    static Map<String, Object> body(
            FlagSet flags, List<String> arguments, Map<String, String> environment, boolean detached)
            throws CliException, IOException {
        var options = new CreateOptions(flags, environment);
        options.fill(arguments, detached);
        return options.config;
    }

    private void fill(List<String> arguments, boolean detached) throws CliException, IOException {
        boolean stdin = flags.bool("interactive") || attaches("stdin");
        boolean all = !flags.changed("attach");
        put("Hostname", flags.text("hostname"));
        put("Domainname", flags.text("domainname"));
        put("User", flags.text("user"));
        config.put("AttachStdin", !detached && stdin);
        config.put("AttachStdout", !detached && (all || attaches("stdout")));
        config.put("AttachStderr", !detached && (all || attaches("stderr")));
        config.put("Tty", flags.bool("tty"));
        config.put("OpenStdin", flags.bool("interactive"));
        config.put("StdinOnce", !detached && flags.bool("interactive") && stdin);
        config.put("Env", environmentOf(flags.list("env-file"), flags.list("env"), environment));
        config.put("Cmd", arguments.size() > 1 ? List.copyOf(arguments.subList(1, arguments.size())) : null);
        config.put("Image", arguments.getFirst());
        put("WorkingDir", flags.text("workdir"));
        if (flags.changed("entrypoint")) {
            String entrypoint = flags.text("entrypoint");
            config.put("Entrypoint", List.of(entrypoint));
        }
        config.put("Labels", labels());
        if (flags.changed("stop-signal")) {
            put("StopSignal", flags.text("stop-signal"));
        }
        if (flags.changed("stop-timeout")) {
            config.put("StopTimeout", flags.integer("stop-timeout"));
        }
        healthcheck();
        Ports ports = Ports.of(flags.list("publish"), flags.list("expose"));
        config.put("ExposedPorts", ports.exposed());
        host.put("PortBindings", ports.bindings());
        volumes();
        HostOptions.fill(host, flags);
        Networks networks = Networks.of(flags);
        host.put("NetworkMode", networks.mode());
        String mac = flags.text("mac-address").strip();
        if (!mac.isEmpty() && !isHardwareAddress(mac)) {
            throw new CliException(mac + " is not a valid mac address");
        }
        put("MacAddress", mac);
        config.put("HostConfig", host);
        config.put("NetworkingConfig", Map.of("EndpointsConfig", networks.endpoints()));
    }

    /** Six, eight or twenty bytes with colons or dashes between them, or dots between each two. */
    private static boolean isHardwareAddress(String text) {
        char separator = text.length() > 4 && text.charAt(4) == '.' ? '.' : text.length() > 2 ? text.charAt(2) : ' ';
        if (":-.".indexOf(separator) < 0) {
            return false;
        }
        int group = separator == '.' ? 4 : 2;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean between = i % (group + 1) == group;
            if (between ? text.charAt(i) != separator : Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
            digits += between ? 0 : 1;
        }
        return digits == 12 || digits == 16 || digits == 40;
    }

    private boolean attaches(String stream) {
        for (String s : flags.list("attach")) {
            if (s.equalsIgnoreCase(stream)) {
                return true;
            }
        }
        return false;
    }

    private void put(String name, String value) {
        if (!value.isEmpty()) {
            config.put(name, value);
        }
    }

    /** Files first, then flags; a name alone takes its value from our own environment and is left out if it has none. */
    static List<String> environmentOf(List<String> files, List<String> given, Map<String, String> environment)
            throws CliException, IOException {
        var all = new ArrayList<String>();
        for (String file : files) {
            all.addAll(LineFile.read(Path.of(file), environment, true));
        }
        for (String one : given) {
            if (one.indexOf('=') > 0) {
                all.add(one);
            } else if (environment.containsKey(one)) {
                all.add(one + "=" + environment.get(one));
            } else {
                all.add(one);
            }
        }
        return all;
    }

    private Map<String, String> labels() throws CliException, IOException {
        var labels = new LinkedHashMap<String, String>();
        for (String file : flags.list("label-file")) {
            for (String line : LineFile.read(Path.of(file), environment, false)) {
                pair(labels, line);
            }
        }
        for (String label : flags.list("label")) {
            pair(labels, label);
        }
        return labels;
    }

    static void pair(Map<String, String> into, String text) {
        int equals = text.indexOf('=');
        into.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
    }

    private void healthcheck() throws CliException {
        boolean set = flags.changed("health-cmd")
                || flags.changed("health-interval")
                || flags.changed("health-timeout")
                || flags.changed("health-start-period")
                || flags.changed("health-start-interval")
                || flags.changed("health-retries");
        if (flags.bool("no-healthcheck")) {
            if (set) {
                throw new CliException("--no-healthcheck conflicts with --health-* options");
            }
            config.put("Healthcheck", Map.of("Test", List.of("NONE")));
            return;
        }
        if (!set) {
            return;
        }
        var check = new LinkedHashMap<String, Object>();
        String command = flags.text("health-cmd");
        check.put("Test", command.isEmpty() ? null : List.of("CMD-SHELL", command));
        check.put("Interval", positive("health-interval", "--health-interval"));
        check.put("Timeout", positive("health-timeout", "--health-timeout"));
        check.put("StartPeriod", positive("health-start-period", "--health-start-period"));
        check.put("StartInterval", positive("health-start-interval", "--health-start-interval"));
        if (flags.integer("health-retries") < 0) {
            throw new CliException("--health-retries cannot be negative");
        }
        check.put("Retries", flags.integer("health-retries"));
        config.put("Healthcheck", check);
    }

    private long positive(String flag, String name) throws CliException {
        long value = flags.duration(flag);
        if (value < 0) {
            throw new CliException(name + " cannot be negative");
        }
        return value;
    }

    private void volumes() throws CliException {
        var binds = new ArrayList<String>();
        var anonymous = new LinkedHashMap<String, Object>();
        for (String volume : flags.list("volume")) {
            if (volume.length() > 2 && (volume.startsWith(":") || volume.endsWith(":") || volume.contains("::"))) {
                throw new CliException("invalid spec: " + volume + ": empty section between colons");
            }
            if (volume.indexOf(':') < 0) {
                anonymous.put(volume, Map.of());
            } else if (volume.startsWith(".") || volume.startsWith("~")) {
                int colon = volume.indexOf(':');
                String path = volume.substring(0, colon);
                Path absolute = path.startsWith("~")
                        ? Path.of(environment.getOrDefault("HOME", "/"), path.substring(1))
                        : Path.of(path).toAbsolutePath().normalize();
                binds.add(absolute + volume.substring(colon));
            } else {
                binds.add(volume);
            }
        }
        var tmpfs = new LinkedHashMap<String, String>();
        for (String t : flags.list("tmpfs")) {
            int colon = t.indexOf(':');
            tmpfs.put(colon < 0 ? t : t.substring(0, colon), colon < 0 ? "" : t.substring(colon + 1));
        }
        config.put("Volumes", anonymous);
        host.put("Binds", binds.isEmpty() ? null : binds);
        host.put("Tmpfs", tmpfs.isEmpty() ? null : tmpfs);
        var mounts = new ArrayList<Object>();
        for (String mount : flags.list("mount")) {
            try {
                mounts.add(MountSpecs.parse(mount));
            } catch (FlagException e) {
                throw new CliException(String.valueOf(e.getMessage()));
            }
        }
        if (!mounts.isEmpty()) {
            host.put("Mounts", mounts);
        }
    }
}
