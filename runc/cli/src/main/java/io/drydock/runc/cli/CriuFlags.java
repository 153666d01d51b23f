package io.drydock.runc.cli;

import io.drydock.linux.Fd;
import io.drydock.runc.runtime.CriuOptions;
import io.drydock.runc.runtime.CriuOptions.Flag;
import io.drydock.runc.runtime.CriuOptions.PageServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flags of {@code checkpoint} and {@code restore} that are criu's. */
final class CriuFlags {
    private static final Map<String, Flag> SWITCHES = Map.of(
            "leave-running", Flag.LEAVE_RUNNING,
            "tcp-established", Flag.TCP_ESTABLISHED,
            "tcp-skip-in-flight", Flag.TCP_SKIP_IN_FLIGHT,
            "link-remap", Flag.LINK_REMAP,
            "ext-unix-sk", Flag.EXT_UNIX_SK,
            "shell-job", Flag.SHELL_JOB,
            "lazy-pages", Flag.LAZY_PAGES,
            "file-locks", Flag.FILE_LOCKS,
            "pre-dump", Flag.PRE_DUMP,
            "auto-dedup", Flag.AUTO_DEDUP);

    private CriuFlags() {}

    static CriuOptions options(CommandLine line) throws UsageException, IOException {
        Path images = absolute(line.get("image-path", "checkpoint"));
        Files.createDirectories(images);
        String parent = parent(line, images);
        PageServer server = pageServer(line.get("page-server", ""));
        for (String kind : line.all("empty-ns")) {
            if (!kind.equals("network")) { // which is left empty anyway: the runtime makes no interfaces
                throw new IOException("namespace \"" + kind + "\" is not supported");
            }
        }
        String work = line.get("work-path", "");
        int status = line.number("status-fd", -1);
        return new CriuOptions(
                images,
                work.isEmpty() ? null : absolute(work),
                parent,
                switches(line),
                server,
                status < 0 ? null : writable(status),
                line.get("manage-cgroups-mode", ""),
                line.get("lsm-profile", ""),
                line.get("lsm-mount-context", ""));
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    private static Set<Flag> switches(CommandLine line) {
        Set<Flag> on = EnumSet.noneOf(Flag.class);
        SWITCHES.forEach((name, flag) -> {
            if (line.has(name)) {
                on.add(flag);
            }
        });
        return on;
    }

    private static String parent(CommandLine line, Path images) throws IOException {
        String parent = line.get("parent-path", "");
        if (parent.startsWith("/")) {
            throw new IOException("--parent-path must be relative");
        }
        Path real = images.resolve(parent);
        if (!Files.isDirectory(real)) {
            String reason = Files.exists(real) ? "not a directory" : "no such file or directory";
            throw new IOException("invalid --parent-path: stat " + real + ": " + reason);
        }
        return parent;
    }

    private static @Nullable PageServer pageServer(String text) throws IOException {
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IOException("Use --page-server ADDRESS:PORT to specify page server");
        }
        String address = text.substring(0, colon);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        try {
            return new PageServer(address, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IOException("Invalid port number", e);
        }
    }

    private static Fd writable(int number) throws IOException {
        Path info = Path.of("/proc/self/fdinfo/" + number);
        String invalid = "invalid --status-fd argument " + number + ": ";
        if (!Files.exists(info)) {
            throw new IOException(invalid + "bad file descriptor");
        }
        for (String line : Files.readAllLines(info)) {
            boolean flags = line.startsWith("flags:");
            if (flags && (Long.parseLong(line.substring("flags:".length()).strip(), 8) & 3) == 0) {
                throw new IOException(invalid + "not writable");
            }
        }
        return Fd.borrowed(number);
    }
}
