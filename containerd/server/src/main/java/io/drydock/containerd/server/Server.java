package io.drydock.containerd.server;

import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.containerd.server.grpc.GrpcServer;
import io.drydock.containerd.server.services.ContainersService;
import io.drydock.containerd.server.services.ContentService;
import io.drydock.containerd.server.services.DiffService;
import io.drydock.containerd.server.services.EventsService;
import io.drydock.containerd.server.services.HealthService;
import io.drydock.containerd.server.services.ImagesService;
import io.drydock.containerd.server.services.IntrospectionService;
import io.drydock.containerd.server.services.LayerBlobs;
import io.drydock.containerd.server.services.LeasesService;
import io.drydock.containerd.server.services.NamespacesService;
import io.drydock.containerd.server.services.SnapshotsService;
import io.drydock.containerd.server.services.VersionService;
import io.drydock.containerd.server.tasks.Tasks;
import io.drydock.containerd.server.transfer.StreamingService;
import io.drydock.containerd.server.transfer.Streams;
import io.drydock.containerd.server.transfer.TransferService;
import io.drydock.containerd.stores.content.LocalContentStore;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.containerd.stores.metadata.Containers;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.metadata.Images;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.metadata.Namespaces;
import io.drydock.containerd.stores.unpack.LayerWriter;
import io.drydock.containerd.stores.unpack.MountDiff;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.linux.Linux;
import io.drydock.startup.WarmUp;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running containerd: everything it is made of, in the order in which it is built; closed the other way round. */
public final class Server implements AutoCloseable {
    static final String VERSION = "2.1.0+drydock.0.1.0";
    static final String REVISION = "0.1.0";

    private static final Logger log = LoggerFactory.getLogger(Server.class);

    /** Closes something, whatever it is. */
    private interface Closing {
        void close() throws IOException;
    }

    private final ArrayDeque<Closing> closings = new ArrayDeque<>();

    private Server() {}

    /**
     * Builds all parts and serves.
     *
     * @param home where Drydock is installed
     * @throws IOException if another containerd uses the directories, or they or the socket cannot be used
     */
    public static Server start(ServerConfig config, Path home) throws IOException {
        var server = new Server();
        boolean started = false;
        try {
            server.build(config, home);
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    private void build(ServerConfig config, Path home) throws IOException {
        directory(config.root(), "rwx------");
        directory(config.state(), "rwx--x--x");
        Files.createDirectories(config.address().toAbsolutePath().getParent());
        closings.push(DirectoryLock.take(config.root())::close);

        var database = Database.open(config.root().resolve("io.containerd.metadata.v1.sqlite/meta.db"));
        closings.push(database::close);
        var events = new EventBus();
        var content = new LocalContentStore(config.root().resolve("io.containerd.content.v1.content"), database);
        var linux = Linux.system();
        var snapshotters = Snapshotters.open(linux, config.root(), database);
        closings.push(snapshotters::close);
        var collector = new GarbageCollector(database, content, snapshotters.all());
        closings.push(collector::close);
        var namespaces = new Namespaces(database);
        var images = new Images(database);
        var containers = new Containers(database);
        var leases = new Leases(database);

        var writer = new LayerWriter(linux, config.state().resolve("mounts"));
        var unpacker = new ParallelUnpacker(content, leases, writer);
        var streams = new Streams();
        var transfer = new TransferService(content, images, leases, snapshotters.byName(), unpacker, streams, events, collector);

        // what a killed process was fetching: its transfers' leases are gone now
        content.removeAbandoned(Instant.now());

        var tasks = Tasks.start(
                new Tasks.Places(home, config.root(), config.state(), config.address()),
                new ContainersForTasks(containers, snapshotters.byName(), events),
                log.isDebugEnabled());
        closings.push(tasks::close);

        var services = new ArrayList<BindableService>(List.of(
                new NamespacesService(namespaces, events),
                new LeasesService(leases, collector),
                new ContentService(content, events, collector),
                new ImagesService(images, events, collector),
                new SnapshotsService(snapshotters.byName(), events),
                new ContainersService(containers, events, collector),
                new EventsService(events),
                new DiffService(content, writer, new LayerBlobs(content, new MountDiff(linux, config.state().resolve("mounts")))),
                new StreamingService(streams),
                transfer,
                new VersionService(VERSION, REVISION),
                new HealthService(),
                tasks.service()));
        services.add(new IntrospectionService(
                config.root().resolve("io.containerd.grpc.v1.introspection/uuid"),
                snapshotters.roots(),
                services.stream().map(Server::plugin).toList()));

        // the shim is starting meanwhile
        WarmUp.run(home, "containerd");
        Files.deleteIfExists(config.address());
        var grpc = GrpcServer.serve(config.address(), services);
        closings.push(grpc::close);
        if (config.uid() != 0 || config.gid() != 0) {
            Files.setAttribute(config.address(), "unix:uid", config.uid());
            Files.setAttribute(config.address(), "unix:gid", config.gid());
        }
        log.info("serving... address={}", config.address());
        collector.soon();
    }

    /** The original's name of a service's plugin: {@code images} for {@code containerd.services.images.v1.Images}. */
    private static String plugin(BindableService service) {
        var parts = service.bindService().getServiceDescriptor().getName().split("\\.");
        return parts[parts.length - 1].equals("Health") ? "healthcheck" : parts[parts.length - 3];
    }

    private static void directory(Path path, String mode) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Override
    public void close() {
        while (!closings.isEmpty()) {
            try {
                closings.pop().close();
            } catch (IOException e) {
                log.warn("while closing: {}", e.getMessage());
            }
        }
    }
}
