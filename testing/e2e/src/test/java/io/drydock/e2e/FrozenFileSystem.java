package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A mounted file system whose server never answers. When it is closed, who waits for it gets an error. */
final class FrozenFileSystem implements AutoCloseable {
    static final Path DEVICE = Path.of("/dev/fuse");

    private static final String SERVER = """
            import ctypes, os, sys
            device = os.open("/dev/fuse", os.O_RDWR)
            options = "fd=%d,rootmode=40000,user_id=0,group_id=0" % device
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.mount(b"frozen", sys.argv[1].encode(), b"fuse", 0, options.encode()) != 0:
                sys.exit(os.strerror(ctypes.get_errno()))
            print("mounted", flush=True)
            sys.stdin.read()
            """;

    final Path directory;
    private final Process server;

    FrozenFileSystem(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            server = Command.of("python3", "-c", SERVER, directory.toString()).start();
            String said = server.inputReader().readLine();
            if (!"mounted".equals(said)) {
                throw new IllegalStateException(
                        "mount fuse: " + server.errorReader().readLine());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.destroyForcibly().onExit().join();
        Command.of("umount", "-l", directory.toString()).run();
    }
}
