package io.drydock.containerd.shim;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Stdio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stdio without a terminal: the process gets the FIFOs themselves, or a file, or a pipe to a program that logs; nobody copies. For each output FIFO a read end is
 * opened too and left with the keeper, so that a reader's death is no SIGPIPE and what was written is not lost; for the
 * input FIFO the shim keeps a write end until the client asks to close it, as the task API wants.
 */
final class DirectStdio implements ProcessStdio {
    private static final Logger log = LoggerFactory.getLogger(DirectStdio.class);

    private final Linux linux;
    private final List<Fd> held = new ArrayList<>(2);
    private @Nullable Fd stdin;
    private @Nullable Fd stdout;
    private @Nullable Fd stderr;
    private @Nullable Fd stdinWriter;
    private @Nullable LogBinary binary;

    private DirectStdio(Linux linux) {
        this.linux = linux;
    }

    /** @throws IOException if a FIFO is missing, or the URI's scheme is not known */
    static DirectStdio open(Linux linux, Poller poller, StdioPaths paths, StdioOwner owner) throws IOException {
        DirectStdio stdio = new DirectStdio(linux);
        try {
            if (!paths.stdin().isEmpty()) {
                stdio.stdin = linux.files().open(paths.stdin(), O.RDONLY | O.NONBLOCK);
                stdio.openStdinWriter(paths.stdin());
                linux.pipes().setNonBlocking(stdio.stdin, false);
                Outputs.chown(linux, List.of(stdio.stdin), owner);
            }
            if (Outputs.areMeant(paths.stdout())) {
                Outputs outputs = Outputs.open(linux, poller, paths.stdout(), owner);
                stdio.stdout = outputs.stdout();
                stdio.stderr = outputs.stderr();
                stdio.binary = outputs.binary();
                return stdio;
            }
            stdio.stdout = stdio.openOutput(paths.stdout(), owner);
            stdio.stderr = paths.stderr().equals(paths.stdout()) && stdio.stdout != null
                    ? linux.pipes().duplicate(stdio.stdout)
                    : stdio.openOutput(paths.stderr(), owner);
            return stdio;
        } catch (IOException e) {
            stdio.close();
            throw e;
        }
    }

    /**
     * After a restart of the shim: the process has its ends already, only the write end of its stdin is taken again. If that
     * fails, the client or the process is gone, and there is nothing to close later.
     */
    static DirectStdio adopt(Linux linux, StdioPaths paths, boolean stdinClosed) {
        DirectStdio stdio = new DirectStdio(linux);
        if (!paths.stdin().isEmpty() && !stdinClosed) {
            try {
                stdio.openStdinWriter(paths.stdin());
            } catch (LinuxException e) {
                log.debug("stdin is not taken up: {}", e.getMessage());
            }
        }
        return stdio;
    }

    private void openStdinWriter(String path) throws LinuxException {
        stdinWriter = linux.files().open(path, O.WRONLY | O.NONBLOCK);
    }

    private @Nullable Fd openOutput(String uri, StdioOwner owner) throws IOException {
        if (uri.isEmpty()) {
            return null;
        }
        int scheme = uri.indexOf("://");
        if (scheme >= 0 && !uri.startsWith("fifo:")) {
            throw new IOException("unsupported log destination " + uri);
        }
        String path = scheme < 0 ? uri : uri.substring(scheme + 3);
        held.add(linux.files().open(path, O.RDONLY | O.NONBLOCK));
        Fd fifo = linux.files().open(path, O.WRONLY);
        Outputs.chown(linux, List.of(fifo), owner);
        return fifo;
    }

    @Override
    public Stdio forRuntime() {
        return new Stdio.Descriptors(stdin, stdout, stderr, held);
    }

    /** With a copy of the write ends here, readers would never see the end. */
    @Override
    public void begin(ContainerProcess process) {
        closeHandedOver();
    }

    private void closeHandedOver() {
        close(stdin);
        close(stdout);
        close(stderr);
        held.forEach(Fd::close);
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    @Override
    public synchronized void closeStdin() {
        close(stdinWriter);
    }

    @Override
    public void resize(int width, int height) {
        // Without a terminal there is nothing to resize; the original answers success too.
    }

    @Override
    public void drain() {
        // The process wrote into the FIFO itself; what reads a pipe ends with it.
        if (binary != null) {
            binary.end();
            binary = null;
        }
    }

    @Override
    public void close() {
        closeHandedOver();
        closeStdin();
        drain();
    }
}
