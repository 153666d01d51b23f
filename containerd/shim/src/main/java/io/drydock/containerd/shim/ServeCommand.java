package io.drydock.containerd.shim;

import io.drydock.containerd.shim.program.Orphans;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.rpc.TtrpcServer;
import io.drydock.startup.WarmUp;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code serve}: the resident shim. In this order: take the lock (the loser of a race leaves, status 0), take up the
 * containers of a shim that died, listen. It ends when it has neither tasks nor clients for a while, or is asked to.
 */
final class ServeCommand {
    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);
    private static final long CHECK_SECONDS = 10;
    private static final int IDLE_CHECKS = 3;

    private final Linux linux;
    private final CountDownLatch end = new CountDownLatch(1);

    ServeCommand(Linux linux) {
        this.linux = linux;
    }

    void run(Arguments arguments, Map<String, String> environment) throws IOException, InterruptedException {
        Path socket = Path.of(arguments.socket());
        Path lockFile = Path.of(socket + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            String ttrpc = environment.getOrDefault("TTRPC_ADDRESS", arguments.address() + ".ttrpc");
            serve(socket, Path.of(ttrpc));
        }
    }

    private void serve(Path socket, Path containerd) throws IOException, InterruptedException {
        try (Poller poller = new Poller(linux, "shim-poller");
                Runtimes runtimes = Runtimes.system(linux, poller);
                EventQueue events = new EventQueue(containerd)) {
            Tasks tasks = new Tasks(
                    Path.of(socket + ".tasks"),
                    events,
                    runtimes,
                    new Stdios(linux, new Terminals(linux, poller)),
                    new ExitWatch(linux, poller),
                    (container, callback) -> container.cgroup().watchOom(linux, poller, callback));
            tasks.adopt();
            events.start();
            runtimes.warmUp();
            WarmUp.run(Path.of(System.getProperty("drydock.home", "/usr")), "containerd-shim-runc-v2");
            Files.deleteIfExists(socket);
            try (TtrpcServer server = TtrpcServer.serve(
                    socket, new TaskService(tasks, new Probes(linux, poller), end::countDown).services())) {
                log.info("serving {}", socket);
                awaitEnd(tasks, server);
            }
        }
    }

    private void awaitEnd(Tasks tasks, TtrpcServer server) throws InterruptedException {
        int idle = 0;
        Orphans orphans = new Orphans(linux);
        while (idle < IDLE_CHECKS && !end.await(CHECK_SECONDS, TimeUnit.SECONDS)) {
            orphans.reap();
            idle = tasks.isEmpty() && server.connections() == 0 ? idle + 1 : 0;
        }
    }
}
