package io.drydock.containerd.shim;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes that no FIFO takes: a file, or a program that logs. As with the original, what is said for stdout counts
 * for stderr too.
 *
 * @param stdout to write to
 * @param stderr to write to
 * @param binary who reads the other ends, if somebody does
 */
record Outputs(Fd stdout, Fd stderr, @Nullable LogBinary binary) {
    /** Whether the URI is one of a file or a program. */
    static boolean areMeant(String uri) {
        return uri.startsWith("file://") || LogBinary.isMeant(uri);
    }

    static Outputs open(Linux linux, Poller poller, String uri, StdioOwner owner) throws IOException {
        if (!LogBinary.isMeant(uri)) {
            Fd file = openFile(linux, uri.substring("file://".length()));
            return new Outputs(file, linux.pipes().duplicate(file), null);
        }
        Pipe stdout = linux.pipes().pipe(0);
        Pipe stderr = linux.pipes().pipe(0);
        try {
            LogBinary binary = LogBinary.start(linux, poller, uri, owner, stdout.read(), stderr.read());
            chown(linux, List.of(stdout.write(), stderr.write()), owner);
            return new Outputs(stdout.write(), stderr.write(), binary);
        } catch (IOException e) {
            stdout.write().close();
            stderr.write().close();
            throw e;
        } finally {
            stdout.read().close();
            stderr.read().close();
        }
    }

    /** So that the container's user may open {@code /dev/stdout} by its name. */
    static void chown(Linux linux, List<Fd> descriptors, StdioOwner owner) throws LinuxException {
        if (owner.uid() != 0 || owner.gid() != 0) {
            for (Fd fd : descriptors) {
                linux.files().fchown(fd, owner.uid(), owner.gid());
            }
        }
    }

    private static Fd openFile(Linux linux, String uriPath) throws IOException {
        int query = uriPath.indexOf('?');
        Path path = Path.of(query < 0 ? uriPath : uriPath.substring(0, query));
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return linux.files().openat(Fd.CWD, path.toString(), O.WRONLY | O.CREAT | O.APPEND, 0644);
    }
}
