package io.drydock.containerd.shim;

import io.drydock.containerd.shim.program.ProgramContainers;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.keeper.Zygote;
import io.drydock.spec.containerd.runc.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime that a task asks for: the built-in one, once for each root directory, or the program of another one by its
 * name or path.
 */
final class Runtimes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Runtimes.class);
    private static final String DEFAULT_ROOT = "/run/containerd/runc";

    private final Zygote zygote;
    private final Function<Path, Containers> open;
    private final Programs programs;
    private final ConcurrentHashMap<Path, Containers> byRoot = new ConcurrentHashMap<>();

    /** Makes the runtime of one bundle out of a program's name, the directory of its states and the way to control groups. */
    interface Programs {
        Containers open(String name, Path root, boolean systemd, Path bundle);
    }

    /**
     * @param zygote forks the keepers of all roots
     * @param open opens the built-in runtime for a root
     */
    Runtimes(Zygote zygote, Function<Path, Containers> open, Programs programs) {
        this.zygote = zygote;
        this.open = open;
        this.programs = programs;
    }

    /** The running system's. */
    static Runtimes system(Linux linux, Poller poller) {
        Path keeper = Containers.keeperPath();
        Zygote zygote = new Zygote(linux, keeper);
        return new Runtimes(
                zygote,
                root -> Containers.open(
                        new Containers.Config(linux, root, keeper, warning -> log.warn("{}", warning)), zygote),
                (name, root, systemd, bundle) -> new ProgramContainers(linux, poller, name, root, systemd, bundle));
    }

    /** Starts the zygote in the background, so that the first container need not wait for it. */
    void warmUp() {
        Thread.ofPlatform().daemon().name("zygote-start").start(() -> {
            try {
                zygote.start();
            } catch (IOException e) {
                log.warn("start the zygote: {}", e.getMessage());
            }
        });
    }

    /**
     * Whether the options name no program but ours: none at all, {@code runc} by that name, which in {@code $PATH} may be the
     * original or ours and is the same to the container, or ours by its path.
     */
    static boolean isBuiltIn(Options options) {
        String binary = options.getBinaryName();
        if (binary.isEmpty() || binary.equals("runc")) {
            return true;
        }
        Path ours = Path.of(System.getProperty("drydock.home", "/usr"), "bin", "runc");
        try {
            return Files.exists(ours) && Files.isSameFile(Path.of(binary), ours);
        } catch (IOException e) {
            return false; // a name without a path, or a program that is not there: starting it will tell
        }
    }

    /**
     * @param bundle the task's, absolute
     * @throws RpcException UNIMPLEMENTED for options that a shim of all containers cannot follow
     */
    Containers of(Options options, String namespace, String bundle) {
        if (!options.getShimCgroup().isEmpty()) {
            throw new RpcException(
                    StatusCode.UNIMPLEMENTED, "shim_cgroup is not supported: one shim serves all containers");
        }
        if (!options.getTaskApiAddress().isEmpty() || options.getTaskApiVersion() != 0) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, "task_api_address and task_api_version are not supported");
        }
        Path root = Path.of(options.getRoot().isEmpty() ? DEFAULT_ROOT : options.getRoot())
                .resolve(namespace);
        return isBuiltIn(options)
                ? byRoot.computeIfAbsent(root, open)
                : programs.open(options.getBinaryName(), root, options.getSystemdCgroup(), Path.of(bundle));
    }

    @Override
    public void close() {
        byRoot.values().forEach(Containers::close);
        zygote.close();
    }
}
