package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.dns.Namespaces;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.CloneFlags;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.linux.O;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes Linux network namespaces and enters them. A namespace belongs to a thread, so each piece of work gets a platform
 * thread of its own, which ends with it.
 */
final class NamespaceFactory implements Namespaces {
    private static final long NSFS_MAGIC = 0x6e736673;

    private final Linux linux;

    NamespaceFactory(Linux linux) {
        this.linux = linux;
    }

    /** A socket for routes and links of a namespace, and a descriptor of the namespace itself. */
    record Handles(RouteNetlink links, Fd namespace) implements AutoCloseable {
        @Override
        public void close() {
            links.close();
            namespace.close();
        }
    }

    /** Makes a namespace pinned at the file, with loopback up and IPv6 off. */
    Handles create(Path file) throws IOException {
        return onNewThread(() -> {
            linux.mounts().unshare(CloneFlags.NEWNET);
            Files.createFile(file);
            try {
                linux.mounts().mount("/proc/thread-self/ns/net", file.toString(), null, Ms.BIND, null);
                var handles = handles();
                disableIpv6();
                handles.links().up("lo");
                return handles;
            } catch (IOException e) {
                remove(file);
                throw e;
            }
        });
    }

    /** Opens a namespace that is pinned at the file. */
    Handles open(Path file) throws IOException {
        return inside(file, this::handles);
    }

    @Override
    public <T> T inside(Path file, Work<T> work) throws IOException {
        return onNewThread(() -> {
            try (var namespace = linux.files().open(file.toString(), O.RDONLY | O.CLOEXEC)) {
                linux.mounts().setns(namespace, CloneFlags.NEWNET);
            }
            return work.run();
        });
    }

    /** Whether a namespace is pinned at the file. */
    boolean pinned(Path file) throws IOException {
        try {
            return Files.exists(file) && linux.files().statfs(file.toString()).type() == NSFS_MAGIC;
        } catch (LinuxException e) {
            return false;
        }
    }

    /** Unpins the namespace at the file, which lives on as long as a process is in it. Nothing happens if there is none. */
    void remove(Path file) throws IOException {
        if (pinned(file)) {
            linux.mounts().umount(file.toString(), Ms.UMOUNT_DETACH);
        }
        Files.deleteIfExists(file);
    }

    private Handles handles() throws LinuxException {
        var links = new RouteNetlink(NetlinkSocket.route(linux));
        try {
            return new Handles(links, linux.files().open("/proc/thread-self/ns/net", O.RDONLY | O.CLOEXEC));
        } catch (LinuxException e) {
            links.close();
            throw e;
        }
    }

    /** The file under /proc/sys/net is the one of the calling thread's namespace. */
    private static void disableIpv6() throws IOException {
        var file = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");
        if (Files.exists(file)) {
            Files.writeString(file, "1", StandardOpenOption.WRITE);
        }
    }

    /** Waits for the work's end whatever interrupts the caller, who keeps the interrupt: nobody else knows what was made. */
    private static <T> T onNewThread(Work<T> work) throws IOException {
        var task = new FutureTask<>(work::run);
        Thread.ofPlatform().name("netns").daemon().start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IOException(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
