package io.drydock.runc.runtime;

import io.drydock.linux.Linux;
import io.drydock.runc.cgroups.Resctrl;
import io.drydock.runc.runtime.keeper.Zygote;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All containers under one root directory, and the zygote that makes new ones. One object per program: the shim keeps it for
 * its whole life, the runc program for one command. Safe for any thread.
 *
 * <pre>{@code
 * try (Containers containers = Containers.open(Containers.Config.of(Path.of("/run/runc")))) {
 *     Container c = containers.create(new CreateRequest("web", bundle, List.of(), stdio, List.of(), Options.DEFAULT));
 *     c.start();
 *     Exit exit = c.init().exit().join();
 *     c.delete(false);
 * }
 * }</pre>
 */
public interface Containers extends AutoCloseable {
    /**
     * @param root where states live, created when missing (0711)
     * @param keeper the C helper's path; see {@link #keeperPath()}
     * @param warnings receives one line for everything that had to be left out (a limit that cannot be raised, …)
     * @param debug receives a line at each step of a creation or an exec
     * @param resctrl where shares of caches are given out; null: where it is mounted on this system
     */
    record Config(
            Linux linux,
            Path root,
            Path keeper,
            Consumer<String> warnings,
            CgroupSource cgroups,
            SeccompSource seccomp,
            Consumer<String> debug,
            @Nullable Resctrl resctrl) {
        /** With this system's control groups and seccomp. */
        public Config(Linux linux, Path root, Path keeper, Consumer<String> warnings) {
            this(
                    linux,
                    root,
                    keeper,
                    warnings,
                    new MountedCgroups(linux, keeper, MountedCgroups.isRootless(linux)),
                    new CachedSeccomp(),
                    step -> {},
                    null);
        }

        /** The running system's, warnings to nowhere. */
        public static Config of(Path root) {
            return new Config(Linux.system(), root, keeperPath(), warning -> {});
        }

        /** With the user's word whether control groups may be missing, instead of a guess. */
        public Config withRootlessCgroups(boolean rootless) {
            CgroupSource changed = new MountedCgroups(linux, keeper, rootless);
            return new Config(linux, root, keeper, warnings, changed, seccomp, debug, resctrl);
        }

        public Config withWarnings(Consumer<String> receiver) {
            return new Config(linux, root, keeper, receiver, cgroups, seccomp, debug, resctrl);
        }

        public Config withDebug(Consumer<String> receiver) {
            return new Config(linux, root, keeper, warnings, cgroups, seccomp, receiver, resctrl);
        }

        public Config withResctrl(Resctrl other) {
            return new Config(linux, root, keeper, warnings, cgroups, seccomp, debug, other);
        }
    }

    /** System property {@code drydock.keeper}, else {@code $DRYDOCK_HOME/libexec/keeper}, else {@code ${drydock.home}/libexec/keeper}. */
    static Path keeperPath() {
        String keeper = System.getProperty("drydock.keeper");
        if (keeper != null) {
            return Path.of(keeper);
        }
        String home = System.getenv("DRYDOCK_HOME");
        return Path.of(home != null ? home : System.getProperty("drydock.home", "/usr"), "libexec", "keeper");
    }

    /** Opens the root; starts no process yet. Fails (unchecked) only where the process may not open another descriptor. */
    static Containers open(Config config) {
        return new KeptContainers(config, new Zygote(config.linux(), config.keeper()), true);
    }

    /** As {@link #open(Config)}, with a zygote that serves other roots too and is left open. */
    static Containers open(Config config, Zygote shared) {
        return new KeptContainers(config, shared, false);
    }

    /**
     * Creates a container up to the point where its program could be executed.
     *
     * @throws RuntimeFailure INVALID, ALREADY_EXISTS ({@code container with given ID already exists}) or FAILED; then nothing is
     *     left behind
     */
    Container create(CreateRequest request) throws RuntimeFailure;

    /**
     * Restores a container that {@link Container#checkpoint} has saved; it runs.
     *
     * @throws RuntimeFailure as {@link #create}; FAILED too if there is no criu or it fails
     */
    Container restore(CreateRequest request, CriuOptions options) throws RuntimeFailure;

    /**
     * Connects to an existing container.
     *
     * @throws RuntimeFailure NOT_FOUND {@code container does not exist}
     */
    Container load(String id) throws RuntimeFailure;

    /**
     * Removes what a {@link #create} that was killed half-way left behind: the directory and the groups. Without effect if
     * there is nothing, or a container. The caller knows that nobody is creating it now.
     */
    void discard(String id) throws RuntimeFailure;

    /** The ids of all containers, sorted. */
    List<String> list() throws RuntimeFailure;

    /** Ends the zygote and the connections; containers go on. */
    @Override
    void close();
}
