package io.drydock.docker.engine.container.volume;

import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The options of the local driver: what is mounted at a volume's place while containers use it. */
final class VolumeOptions {
    private static final Set<String> KNOWN = Set.of("type", "o", "device");
    private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs");

    private VolumeOptions() {}

    /** Refuses what is incomplete or unknown, in the original's words. */
    static void check(String name, Map<String, String> options) {
        if (options.containsKey("size")) {
            throw EngineException.invalid("create " + name + ": quota size requested but no quota support");
        }
        for (String option : options.keySet()) {
            if (!KNOWN.contains(option)) {
                throw EngineException.invalid("create " + name + ": invalid option: \"" + option + "\"");
            }
        }
        if (!options.isEmpty()) {
            required(name, options, "device");
            required(name, options, "type");
        }
    }

    private static void required(String name, Map<String, String> options, String option) {
        if (!options.containsKey(option)) {
            throw EngineException.invalid("create " + name + ": missing required option: \"" + option + "\"");
        }
    }

    /** Mounts what the options say. */
    static void mount(Linux linux, Map<String, String> options, Path target) {
        String device = options.getOrDefault("device", "");
        String type = options.getOrDefault("type", "");
        long flags = 0;
        var data = new ArrayList<String>();
        for (String option : options.getOrDefault("o", "").split(",")) {
            long flag = flag(option);
            flags |= flag;
            if (flag == 0 && !option.isEmpty() && !option.equals("rw") && !option.equals("defaults")) {
                data.add(option);
            }
        }
        if (NETWORK.contains(type)) {
            resolve(data);
        }
        try {
            linux.mounts().mount(device, target.toString(), type, flags, String.join(",", data));
            if ((flags & Ms.BIND) != 0 && (flags & ~(Ms.BIND | Ms.REC)) != 0) {
                linux.mounts().mount(null, target.toString(), null, flags | Ms.REMOUNT, null);
            }
        } catch (LinuxException e) {
            throw failure(device, target, flags, data, e);
        }
    }

    private static EngineException failure(
            String device, Path target, long flags, List<String> data, LinuxException cause) {
        var words = new StringBuilder("mount " + device + ":" + target);
        if (flags != 0) {
            words.append(", flags: 0x").append(Long.toHexString(flags));
        }
        if (!data.isEmpty()) {
            words.append(", data: ").append(String.join(",", data));
        }
        String why = String.valueOf(cause.getMessage());
        why = why.substring(why.lastIndexOf(": ") + 2).toLowerCase(Locale.ROOT);
        return EngineException.system(
                "error while mounting volume '" + target + "': failed to mount local volume: " + words + ": " + why,
                cause);
    }

    private static long flag(String option) {
        return switch (option) {
            case "ro" -> Ms.RDONLY;
            case "nosuid" -> Ms.NOSUID;
            case "nodev" -> Ms.NODEV;
            case "noexec" -> Ms.NOEXEC;
            case "sync" -> Ms.SYNCHRONOUS;
            case "dirsync" -> Ms.DIRSYNC;
            case "noatime" -> Ms.NOATIME;
            case "nodiratime" -> Ms.NODIRATIME;
            case "relatime" -> Ms.RELATIME;
            case "strictatime" -> Ms.STRICTATIME;
            case "bind" -> Ms.BIND;
            case "rbind" -> Ms.BIND | Ms.REC;
            default -> 0;
        };
    }

    /** The kernel knows addresses only. */
    private static void resolve(List<String> data) {
        data.replaceAll(option -> {
            if (!option.startsWith("addr=")) {
                return option;
            }
            String host = option.substring(5);
            try {
                return "addr=" + InetAddress.getByName(host).getHostAddress();
            } catch (UnknownHostException e) {
                throw EngineException.system("error resolving passed in network volume address: lookup " + host, e);
            }
        });
    }

    /** Takes away what was mounted. */
    static void unmount(Linux linux, Path target) throws IOException {
        linux.mounts().umount(target.toString(), Ms.UMOUNT_DETACH);
    }
}
