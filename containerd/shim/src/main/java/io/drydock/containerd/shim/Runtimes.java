package io.drydock.containerd.shim;

import io.drydock.linux.Linux;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.keeper.Zygote;
import io.drydock.spec.containerd.runc.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtime for each root directory that tasks ask for; in practice one or two. */
final class Runtimes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Runtimes.class);
    private static final String DEFAULT_ROOT = "/run/containerd/runc";

    private final Zygote zygote;
    private final Function<Path, Containers> open;
    private final ConcurrentHashMap<Path, Containers> byRoot = new ConcurrentHashMap<>();

    /**
     * @param zygote forks the keepers of all roots
     * @param open opens the runtime for a root
     */
    Runtimes(Zygote zygote, Function<Path, Containers> open) {
        this.zygote = zygote;
        this.open = open;
    }

    /** The running system's. */
    static Runtimes system(Linux linux) {
        Path keeper = Containers.keeperPath();
        Zygote zygote = new Zygote(linux, keeper);
        return new Runtimes(
                zygote,
                root -> Containers.open(
                        new Containers.Config(linux, root, keeper, warning -> log.warn("{}", warning)), zygote));
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

    /** @throws RpcException UNIMPLEMENTED if the options name another runtime than the built-in one */
    Containers of(Options options, String namespace) {
        String binary = options.getBinaryName();
        if (!binary.isEmpty() && !binary.equals("runc") && !binary.endsWith("/runc")) {
            throw new RpcException(
                    StatusCode.UNIMPLEMENTED, "runtime binary " + binary + ": only the built-in runc is supported yet");
        }
        if (!options.getShimCgroup().isEmpty() || !options.getTaskApiAddress().isEmpty()) {
            throw new RpcException(
                    StatusCode.UNIMPLEMENTED, "a cgroup for the shim, or another task API, is not supported yet");
        }
        String root = options.getRoot().isEmpty() ? DEFAULT_ROOT : options.getRoot();
        return byRoot.computeIfAbsent(Path.of(root).resolve(namespace), open);
    }

    @Override
    public void close() {
        byRoot.values().forEach(Containers::close);
        zygote.close();
    }
}
