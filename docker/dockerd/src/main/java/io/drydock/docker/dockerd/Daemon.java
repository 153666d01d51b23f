package io.drydock.docker.dockerd;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.docker.api.ApiVersion;
import io.drydock.docker.api.ContainerRoutes;
import io.drydock.docker.api.ContainerStreamRoutes;
import io.drydock.docker.api.EngineApi;
import io.drydock.docker.api.EventBus;
import io.drydock.docker.api.EventJournal;
import io.drydock.docker.api.ExecRoutes;
import io.drydock.docker.api.ImageRoutes;
import io.drydock.docker.api.NetworkRoutes;
import io.drydock.docker.api.SystemRoutes;
import io.drydock.docker.api.UnbuiltRoutes;
import io.drydock.docker.api.VolumeRoutes;
import io.drydock.docker.engine.container.ContainerEngine;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageArchives;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.image.ImageCommitter;
import io.drydock.docker.engine.image.ImagePuller;
import io.drydock.docker.engine.image.ImagePusher;
import io.drydock.docker.engine.image.ImageSearch;
import io.drydock.docker.engine.image.ImageTags;
import io.drydock.docker.engine.image.ImageViews;
import io.drydock.docker.engine.image.RegistrySettings;
import io.drydock.docker.engine.image.RemoteImages;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.startup.WarmUp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running daemon. Started in this order, ended in the other:
 *
 * <pre>
 *   pidfile → containerd (child) → database → networks → containers (taken over) → API (TCP, then unix sockets)
 * </pre>
 */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final int SHUTDOWN_SECONDS = 15;
    private static final int STOP_SECONDS = 10;
    private static final long EVENT_BYTES = 8 << 20;
    private static final Duration CONTAINERD_STARTS = Duration.ofMinutes(2);

    private final DaemonConfig config;
    private final InstalledPrograms programs;
    private final Plugins plugins = Plugins.ofSystem();
    private volatile LiveSettings live;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    // both are set by open(), before anybody gets hold of the daemon
    @SuppressWarnings("NullAway.Init")
    private ContainerEngine engine;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private ServiceManager manager;

    @SuppressWarnings("NullAway.Init")
    private EventBus events;

    private Daemon(DaemonConfig config, InstalledPrograms programs) throws BadUsage {
        this.config = config;
        this.programs = programs;
        this.live = LiveSettings.of(config, programs, config.execRoot());
    }

    /** Starts everything; returns when the API answers. */
    static Daemon start(DaemonConfig config, InstalledPrograms programs, String logLevel)
            throws IOException, BadUsage, InterruptedException {
        var daemon = new Daemon(config, programs);
        try {
            daemon.open(logLevel);
            return daemon;
        } catch (IOException | BadUsage | InterruptedException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    private void open(String logLevel) throws IOException, BadUsage, InterruptedException {
        Path dataRoot = config.dataRoot();
        Path execRoot = config.execRoot();
        makeDirectories(dataRoot, execRoot);
        opened(Carriers.watched());
        opened(Pidfile.create(Path.of(config.text(DaemonFlag.PIDFILE, "/var/run/docker.pid"))));
        var linux = Linux.system();
        Path socket = containerd(linux, logLevel);
        var containerd = opened(ContainerdClient.connect(socket, config.text(DaemonFlag.CONTAINERD_NAMESPACE, "moby")));
        var settings = new EngineSettings(config, programs);
        // the network's first steps take their time: side by side with containerd's start
        var poller = opened(new Poller(linux, "output"));
        var database = opened(EngineDatabase.open(dataRoot.resolve("engine.db")));
        events = new EventBus(Clock.systemUTC(), opened(EventJournal.open(dataRoot.resolve("events"), EVENT_BYTES)));
        var networks = opened(networks(settings, plugins, database, events));
        var volumes = new Volumes(linux, dataRoot.resolve("volumes"), database, events, plugins);
        live.registries().write();
        Supplier<RegistrySettings> registries = () -> live.registries();
        var images = new ImageCatalog(containerd, SystemFacts.goArchitecture());
        engine = opened(new ContainerEngine(
                new ContainerEngine.Parts(linux, poller, containerd, database, images, networks, volumes, events),
                settings.containers(() -> live.defaults(), () -> live.runtimes(), this::stopSeconds),
                settings.specs(linux)));
        // containerd is still starting; the next step needs it, and has not the patience for a machine that is busy
        WarmUp.run(programs.home(), "dockerd");
        containerd.version(CONTAINERD_STARTS);
        engine.load();
        engine.start();
        var users = engine.imageUsers();
        var tags = new ImageTags(images, users, events);
        var views = new ImageViews(images, users);
        var imageAdapter = new ImageAdapter(
                views,
                tags,
                new ImagePuller(images, tags, registries, events),
                new ImagePusher(images, registries, events),
                new ImageArchives(images, tags, linux, dataRoot.resolve("tmp"), SystemFacts.goArchitecture(), events),
                new RemoteImages(registries),
                new ImageSearch(registries),
                engine.committer(),
                new ImageCommitter(images, tags, dataRoot.resolve("tmp"), events));
        var system = new SystemAdapter(
                identity(database),
                () -> live.config(),
                new SystemAdapter.Engine(
                        engine,
                        images,
                        views,
                        volumes,
                        containerd,
                        registries,
                        () -> live.runtimes(),
                        socket.toString()),
                events);
        var containers = new ContainerAdapter(engine.commands(), engine.queries(), engine.streams(), engine.files());
        var api = new EngineApi(
                Product.ENGINE,
                minimumVersion(),
                List.of(
                        new SystemRoutes(system, events),
                        new ContainerRoutes(containers),
                        new ContainerStreamRoutes(containers),
                        new ExecRoutes(new ExecAdapter(engine.streams())),
                        new ImageRoutes(imageAdapter),
                        new VolumeRoutes(new VolumeAdapter(volumes)),
                        new NetworkRoutes(new NetworkAdapter(networks, engine.members(), events)),
                        new UnbuiltRoutes()));
        AuthorizedApi.check(plugins, config.list(DaemonFlag.AUTHORIZATION_PLUGIN));
        var authorized = new AuthorizedApi(api, plugins, () -> live.config().list(DaemonFlag.AUTHORIZATION_PLUGIN));
        server = opened(new HttpServer(authorized, EngineApi.ERRORS));
        new Listening(config, linux, LOG).open(server);
        serveMetrics();
        manager = ServiceManager.ofEnvironment(linux);
        manager.tell("READY=1");
        LOG.info("Daemon has completed initialization");
    }

    private void serveMetrics() throws IOException, BadUsage {
        var address = config.metricsAddress();
        if (address != null) {
            var metrics = opened(new HttpServer(new Metrics(engine), EngineApi.ERRORS));
            metrics.listen(new Listener.Tcp(address, null));
            LOG.info("metrics listen on {}:{}", address.getHostString(), address.getPort());
        }
    }

    private static void makeDirectories(Path dataRoot, Path execRoot) throws IOException {
        Files.createDirectories(dataRoot.resolve("containers"));
        Files.createDirectories(dataRoot.resolve("tmp"));
        Files.createDirectories(execRoot);
        Files.setAttribute(dataRoot, "unix:mode", 0710);
        Files.setAttribute(dataRoot.resolve("containers"), "unix:mode", 0710);
        Files.setAttribute(execRoot, "unix:mode", 0711);
    }

    private Path containerd(Linux linux, String logLevel) throws IOException {
        String given = config.text(DaemonFlag.CONTAINERD, "");
        if (!given.isEmpty()) {
            return Path.of(given.startsWith("unix://") ? given.substring(7) : given);
        }
        var environment = new java.util.HashMap<String, String>();
        for (var flag : List.of(DaemonFlag.HTTP_PROXY, DaemonFlag.HTTPS_PROXY, DaemonFlag.NO_PROXY)) {
            String value = config.text(flag, "");
            if (!value.isEmpty()) {
                environment.put(flag.flag.toUpperCase(java.util.Locale.ROOT).replace('-', '_'), value);
            }
        }
        var process = opened(new ContainerdProcess(
                linux,
                programs.program("containerd"),
                config.execRoot().resolve("containerd"),
                config.dataRoot().resolve("containerd").resolve("daemon"),
                logLevel,
                environment));
        process.start();
        return process.socket();
    }

    private static NetworkController networks(
            EngineSettings settings, Plugins plugins, EngineDatabase database, EventBus events)
            throws BadUsage, IOException {
        try {
            return NetworkController.open(settings.networks(), plugins, database, new NetworkEvents(events));
        } catch (NetworkException e) {
            throw new IOException("Error initializing network controller: " + e.getMessage(), e);
        }
    }

    private SystemAdapter.Identity identity(EngineDatabase database) throws BadUsage {
        var exposed = new ArrayList<String>();
        for (HostAddress host : config.hosts()) {
            if (host instanceof HostAddress.Tcp tcp && !config.flag(DaemonFlag.TLSVERIFY, false)) {
                exposed.add(tcp.host() + ":" + tcp.port());
            }
        }
        return new SystemAdapter.Identity(
                database.meta("engine-id", UUID.randomUUID().toString()), exposed, config.tls());
    }

    private ApiVersion minimumVersion() throws BadUsage {
        String environment = System.getenv("DOCKER_MIN_API_VERSION");
        String text = config.text(DaemonFlag.MIN_API_VERSION, environment == null ? "" : environment);
        if (text.isEmpty()) {
            return ApiVersion.MIN;
        }
        var version = ApiVersion.parse(text);
        if (version == null || version.compareTo(ApiVersion.MIN) < 0 || version.compareTo(ApiVersion.MAX) > 0) {
            throw new BadUsage(
                    "minimum API version must be between " + ApiVersion.MIN + " and " + ApiVersion.MAX + ": " + text);
        }
        return version;
    }

    private int stopSeconds() {
        try {
            return live.config().number(DaemonFlag.DEFAULT_STOP_TIMEOUT, STOP_SECONDS);
        } catch (BadUsage e) {
            return STOP_SECONDS; // checked when the configuration was read
        }
    }

    /**
     * Takes over what may change while the daemon runs; the rest of the new configuration waits for the next start.
     *
     * @throws BadUsage if anything is wrong with it; then nothing has changed
     */
    void reload(DaemonConfig fresh) throws BadUsage {
        manager.tell("RELOADING=1");
        try {
            var next = LiveSettings.of(live.config().with(DaemonConfig.RELOADED, fresh), programs, config.execRoot());
            AuthorizedApi.check(plugins, next.config().list(DaemonFlag.AUTHORIZATION_PLUGIN));
            next.registries().write();
            live = next;
        } finally {
            manager.tell("READY=1");
        }
        boolean debug = live.config().flag(DaemonFlag.DEBUG, false);
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) {
            String level = debug ? "debug" : config.text(DaemonFlag.LOG_LEVEL, "info");
            root.setLevel(ch.qos.logback.classic.Level.toLevel(level));
        }
        var attributes = new java.util.TreeMap<String, String>();
        attributes.put("name", SystemFacts.hostname());
        for (DaemonFlag flag : DaemonConfig.RELOADED) {
            attributes.put(flag.key, live.config().shown(flag));
        }
        events.publish("daemon", "reload", "", attributes);
        LOG.info("Reloaded configuration: {}", attributes);
    }

    /** Ends in an orderly way: without live restore the containers are stopped first. */
    void shutDown() throws BadUsage, InterruptedException {
        LOG.info("Processing signal 'terminated'");
        manager.tell("STOPPING=1");
        var patience = Duration.ofSeconds(live.config().number(DaemonFlag.SHUTDOWN_TIMEOUT, SHUTDOWN_SECONDS));
        server.stop(Duration.ofMillis(500));
        if (!live.config().flag(DaemonFlag.LIVE_RESTORE, false)) {
            engine.stopAll(patience);
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            var part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                // the other parts must be closed, too
                LOG.warn("close {}: {}", part.getClass().getSimpleName(), e.getMessage());
            }
        }
        LOG.info("Daemon shutdown complete");
    }
}
