package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.docker.engine.container.spec.ResourceLimits;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.image.ImageUsers;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.engine.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The containers of an engine: puts their parts together, starts and ends them. What can be asked is in its parts. */
public final class ContainerEngine implements AutoCloseable {
    private final ContainerTable table = new ContainerTable();
    private final Ends ends;
    private final Stopper stopper;
    private final Restorer restorer;
    private final TaskWatch watch;
    private final Watchdog watchdog;
    private final ContainerCommands commands;
    private final ContainerQueries queries;
    private final ContainerStreams streams;
    private final ContainerFiles files;
    private final Committer committer;
    private final HealthChecks health;
    private final NetworkMembers members;

    /**
     * What the engine works with.
     *
     * @param networks opened, but not yet told which containers run
     * @param volumes those of the same database
     */
    public record Parts(
            Linux linux,
            Poller poller,
            ContainerdClient containerd,
            EngineDatabase database,
            ImageCatalog images,
            NetworkController networks,
            Volumes volumes,
            EventSink events) {}

    /**
     * What the daemon's flags say.
     *
     * @param stopSeconds {@code --default-stop-timeout}, as it is now
     */
    public record Settings(
            ContainerPaths paths,
            Supplier<HostDefaults> defaults,
            Supplier<Runtimes> runtimes,
            Dns dns,
            IntSupplier stopSeconds) {}

    /** Name servers and the like for containers that name none. */
    public record Dns(List<String> servers, List<String> options, List<String> search) {}

    public ContainerEngine(Parts parts, Settings settings, SpecFactory specs) {
        var paths = settings.paths();
        var containerd = parts.containerd();
        var database = parts.database();
        var events = parts.events();
        var dns = settings.dns();
        var networking = new Networking(
                parts.networks(),
                new NetworkFiles(new NetworkFiles.Dns(dns.servers(), dns.options(), dns.search())),
                table);
        var stdio = new Streams(parts.linux(), parts.poller(), paths);
        var attaching = new Attaching(stdio, containerd, events);
        var execs = new Execs(parts.linux(), containerd, stdio, specs, networking, attaching, events);
        this.health = new HealthChecks(execs, events);
        var mounts = new RunMounts(parts.linux(), containerd, parts.volumes(), table, paths, events);
        var starter = new Starter(
                parts.linux(),
                containerd,
                database,
                stdio,
                networking,
                specs,
                settings.runtimes(),
                paths,
                health,
                mounts,
                events);
        this.stopper = new Stopper(containerd, database, health, events, settings.stopSeconds());
        var remover = new Remover(table, containerd, database, parts.volumes(), stdio, stopper, paths, events);
        this.ends = new Ends(database, stdio, networking, starter, remover, health, mounts, events);
        this.restorer = new Restorer(
                table,
                containerd,
                database,
                parts.volumes(),
                parts.networks(),
                stdio,
                ends,
                starter,
                remover,
                health,
                mounts);
        this.watch = new TaskWatch(table, containerd, ends, execs);
        this.watchdog = new Watchdog(table);
        var creator = new Creator(
                table,
                containerd,
                database,
                parts.images(),
                parts.volumes(),
                parts.networks(),
                settings.defaults(),
                settings.runtimes(),
                events);
        var updater =
                new Updater(table, containerd, database, parts.networks(), new ResourceLimits(parts.linux()), events);
        var sizes = new SnapshotSizes(containerd, parts.images());
        this.commands =
                new ContainerCommands(table, creator, starter, stopper, remover, updater, containerd, sizes, events);
        this.queries = new ContainerQueries(
                table,
                new ContainerViews(parts.networks(), paths, sizes),
                parts.images(),
                parts.networks(),
                containerd,
                events);
        this.files = new ContainerFiles(table, containerd, parts.linux(), paths.mounts(), mounts, events);
        this.committer = new Committer(table, containerd, parts.linux(), stopper, events);
        this.members = new NetworkMembers(table, database, parts.networks(), networking, paths);
        this.streams = new ContainerStreams(table, attaching, execs, new SharedStats(new StatsSampler(containerd)));
    }

    /** Takes over what runs, then applies restart policies. Returns when every running container has been taken over. */
    public void start() throws InterruptedException {
        restorer.adopt();
        watch.start();
        watchdog.start();
        restorer.applyPolicies();
    }

    /** Reads the containers from disk; to be called before {@link #start}. */
    public void load() {
        restorer.load();
    }

    /** What changes containers. */
    public ContainerCommands commands() {
        return commands;
    }

    /** What asks about containers. */
    public ContainerQueries queries() {
        return queries;
    }

    /** Attach, exec, logs, stats. */
    public ContainerStreams streams() {
        return streams;
    }

    /** Copying, exporting, changes. */
    public ContainerFiles files() {
        return files;
    }

    /** Images of containers. */
    public Committer committer() {
        return committer;
    }

    /** Connecting containers to networks. */
    public NetworkMembers members() {
        return members;
    }

    /** How many health checks there were, and how many of them failed. */
    public record HealthCounts(long total, long failed) {}

    /** How many health checks there were until now. */
    public HealthCounts healthChecks() {
        var counts = health.counts();
        return new HealthCounts(counts.total(), counts.failed());
    }

    /** Tells the images which containers use them. */
    public ImageUsers imageUsers() {
        return id -> table.all().stream()
                .filter(container -> container.definition().imageId().equals(id))
                .map(container ->
                        new ImageUsers.User(container.id, container.state().alive()))
                .toList();
    }

    /** Stops all running containers, as an engine without live restore does before it ends. */
    public void stopAll(Duration patience) throws InterruptedException {
        ends.noMoreRestarts();
        var running = table.all().stream()
                .filter(container -> container.state().alive())
                .toList();
        Restorer.all(running, container -> stopper.shutDown(container, patience));
    }

    /** Stops watching; running containers go on. */
    @Override
    public void close() {
        ends.noMoreRestarts();
        watch.close();
        watchdog.close();
    }
}
