package io.drydock.containerd.server;

import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.containerd.server.grpc.GrpcServer;
import io.drydock.containerd.server.grpc.Reflection;
import io.drydock.containerd.server.metrics.DebugServer;
import io.drydock.containerd.server.metrics.GrpcMetrics;
import io.drydock.containerd.server.metrics.MetricsServer;
import io.drydock.containerd.server.metrics.Monitoring;
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
import io.drydock.containerd.server.services.PluginList;
import io.drydock.containerd.server.services.SandboxControllerService;
import io.drydock.containerd.server.services.SandboxStoreService;
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
import io.drydock.containerd.stores.metadata.Sandboxes;
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
import java.util.stream.Collectors;
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

    private int metricsPort;
    private List<Integer> grpcPorts = List.of();

    private Server() {}

    /** Where metrics are served, 0 for nowhere. */
    int metricsPort() {
        return metricsPort;
    }

    /** Where gRPC is served on TCP. */
    List<Integer> grpcPorts() {
        return grpcPorts;
    }

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
        Files.createDirectories(config.ttrpc().path().toAbsolutePath().getParent());
        closings.push(DirectoryLock.take(config.root())::close);
        config.unknownKeys().forEach(key -> log.warn("Ignoring unknown key in TOML key=\"{}\"", key));
        oomScore(config.oomScore());

        var database = Database.open(config.root().resolve("io.containerd.metadata.v1.sqlite/meta.db"));
        closings.push(database::close);
        var events = new EventBus();
        var content = new LocalContentStore(config.root().resolve("io.containerd.content.v1.content"), database);
        var linux = Linux.system();
        var snapshotters = Snapshotters.open(linux, config, database);
        closings.push(snapshotters::close);
        var collector = new GarbageCollector(database, content, snapshotters.all(), config.collection());
        closings.push(collector::close);
        var namespaces = new Namespaces(database);
        var images = new Images(database);
        var containers = new Containers(database);
        var leases = new Leases(database);

        var writer = new LayerWriter(linux, config.mounts());
        var unpacker = new ParallelUnpacker(content, leases, writer);
        var streams = new Streams();
        var transfer = new TransferService(
                new TransferService.Stores(content, images, leases, snapshotters.byName()),
                unpacker,
                streams,
                events,
                collector,
                config.registryHosts());

        // what a killed process was fetching: its transfers' leases are gone now
        content.removeAbandoned(Instant.now());

        var tasks = Tasks.start(
                new Tasks.Places(
                        home,
                        config.root(),
                        config.state(),
                        config.address(),
                        config.ttrpc().path()),
                new ContainersForTasks(containers, snapshotters.byName(), content, events),
                log.isDebugEnabled());
        closings.push(tasks::close);
        own(config.ttrpc());

        var services = new ArrayList<BindableService>(List.of(
                new NamespacesService(namespaces, events),
                new LeasesService(leases, collector),
                new ContentService(content, events, collector),
                new ImagesService(images, events, collector),
                new SnapshotsService(snapshotters.byName(), events),
                new ContainersService(containers, events, collector),
                new EventsService(events),
                new DiffService(
                        content,
                        writer,
                        new LayerBlobs(content, new MountDiff(linux, config.mounts())),
                        config.syncLayers()),
                new StreamingService(streams),
                transfer,
                new SandboxStoreService(new Sandboxes(database)),
                new SandboxControllerService(),
                new VersionService(VERSION, REVISION),
                new HealthService(),
                tasks.service()));
        var plugins = new PluginList(config);
        var enabled = services.stream()
                .filter(service -> plugins.addService(plugin(service)))
                .collect(Collectors.toCollection(ArrayList::new));
        plugins.addSnapshotters(snapshotters.roots());
        snapshotters.skipped().forEach(plugins::skipSnapshotter);
        enabled.add(new IntrospectionService(
                config.root().resolve("io.containerd.grpc.v1.introspection/uuid"), plugins.checked()));
        enabled.addAll(Reflection.of(enabled));
        var calls = new GrpcMetrics(config.grpcHistogram());
        monitor(config, calls, tasks, collector);

        // the shim is starting meanwhile
        WarmUp.run(home, "containerd");
        Files.deleteIfExists(config.address());
        var grpc = GrpcServer.serve(new GrpcServer.Offer(config, enabled, List.of(calls)));
        closings.push(grpc::close);
        grpcPorts = grpc.ports();
        collector.start();
        log.info("serving... address={}", config.address());
    }

    private void monitor(ServerConfig config, GrpcMetrics calls, Tasks tasks, GarbageCollector collector)
            throws IOException {
        var monitoring = new Monitoring(
                VERSION,
                REVISION,
                calls,
                () -> !config.taskMetrics()
                        ? List.of()
                        : tasks.usage().stream()
                                .map(task -> new Monitoring.Sample(task.namespace(), task.id(), task.metrics()))
                                .toList());
        collector.onCollection(monitoring::collected);
        if (!config.metricsAddress().isEmpty()) {
            var metrics = MetricsServer.serve(config.metricsAddress(), monitoring);
            closings.push(metrics::close);
            metricsPort = metrics.port();
            log.info("serving... address={} for metrics", config.metricsAddress());
        }
        var debug = config.debug();
        if (!debug.path().toString().isEmpty()) {
            closings.push(DebugServer.serve(debug.path(), debug.uid(), debug.gid())::close);
            log.info("serving... address={} for debugging", debug.path());
        }
    }

    private static void own(ServerConfig.SocketFile socket) throws IOException {
        if (socket.uid() != 0 || socket.gid() != 0) {
            Files.setAttribute(socket.path(), "unix:uid", socket.uid());
            Files.setAttribute(socket.path(), "unix:gid", socket.gid());
        }
    }

    private static void oomScore(int score) {
        if (score != 0) {
            try {
                Files.writeString(Path.of("/proc/self/oom_score_adj"), Integer.toString(score));
            } catch (IOException e) {
                log.error("failed to change OOM score to {}: {}", score, e.getMessage());
            }
        }
    }

    /** The original's name of a service's plugin: {@code images} for {@code containerd.services.images.v1.Images}. */
    private static String plugin(BindableService service) {
        var parts = service.bindService().getServiceDescriptor().getName().split("\\.");
        return switch (parts[parts.length - 1]) {
            case "Health" -> "healthcheck";
            case "Store" -> "sandboxes";
            case "Controller" -> "sandbox-controllers";
            default -> parts[parts.length - 3];
        };
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
