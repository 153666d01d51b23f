package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.SocketPath;
import io.drydock.rpc.TtrpcServer;
import io.drydock.spec.containerd.runtime.task.v2.StatsRequest;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about tasks that containerd's main needs: the gRPC service to add to its server, and the ttrpc socket for
 * the shims' events. Creating it starts the resident shim in the background, so that the first task does not wait for a
 * JVM, and takes up the tasks an earlier containerd left.
 */
public final class Tasks implements AutoCloseable {
    private static final String PLUGIN = "io.containerd.runtime.v2.task";
    private static final Path SOCKETS = Path.of("/run/containerd/s");

    private static final Logger log = LoggerFactory.getLogger(Tasks.class);

    private final Poller poller;
    private final TtrpcServer events;
    private final ResidentShim resident;
    private final TaskTable table;
    private final TaskService service;

    /**
     * Where things are.
     *
     * @param home where Drydock is installed: {@code bin/containerd-shim-runc-v2} is below it
     * @param root containerd's persistent directory
     * @param state containerd's volatile directory
     * @param address containerd's gRPC socket
     * @param ttrpc where the shims send their events
     */
    public record Places(Path home, Path root, Path state, Path address, Path ttrpc) {}

    private Tasks(Poller poller, TtrpcServer events, ResidentShim resident, TaskTable table, TaskService service) {
        this.poller = poller;
        this.events = events;
        this.resident = resident;
        this.table = table;
        this.service = service;
    }

    /** Begins; the caller must hold containerd's lock on its directories, because a dead one's socket is removed. */
    public static Tasks start(Places places, TaskBackend backend, boolean debug) throws IOException {
        Path ttrpc = places.ttrpc();
        Linux linux = Linux.system();
        Poller poller = new Poller(linux, "shim-logs");
        ForwardedEvents forwarded = new ForwardedEvents(backend);
        Files.deleteIfExists(ttrpc);
        TtrpcServer events = TtrpcServer.serve(ttrpc, List.of(forwarded.service()));
        ShimLauncher launcher = new ShimLauncher(places.home(), places.address(), ttrpc, debug, linux, poller);
        ResidentShim resident = new ResidentShim(
                launcher,
                SocketPath.hashed(SOCKETS, places.address().toString()),
                places.state().resolve("shim.log"));
        if (Files.isExecutable(launcher.own())) {
            Files.createDirectories(
                    SOCKETS, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            resident.start();
        }
        Path state = places.state().resolve(PLUGIN);
        TaskTable table = new TaskTable(state, places.root().resolve(PLUGIN), launcher, resident, forwarded, backend);
        table.load();
        return new Tasks(
                poller, events, resident, table, new TaskService(table, backend, new SavedTasks(backend, linux)));
    }

    /** The service {@code containerd.services.tasks.v1.Tasks}. */
    public BindableService service() {
        return service;
    }

    /** What all running tasks of all namespaces use; those that cannot tell are left out. */
    public List<Usage> usage() {
        return table.all().stream().flatMap(task -> usage(task).stream()).toList();
    }

    /** A task's metrics, a message of the cgroups' or the shim's own. */
    public record Usage(String namespace, String id, Any metrics) {}

    private static Optional<Usage> usage(Task task) {
        try {
            var stats = task.ask(shim -> shim.stats(
                    task.namespace(), StatsRequest.newBuilder().setId(task.id()).build()));
            return Optional.of(new Usage(task.namespace(), task.id(), stats.getStats()));
        } catch (RpcException e) {
            log.debug("metrics of task {}: {}", task.id(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Stops listening; tasks go on, and the resident shim ends only if it has none. */
    @Override
    public void close() {
        table.close();
        resident.close();
        events.close();
        poller.close();
    }
}
