package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.runc.cgroups.Resctrl;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.Zygote;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.IntelRdt;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Containers with a keeper each, and what they share in this program. */
final class KeptContainers implements Containers {
    final Linux linux;
    final Config config;
    final Poller poller;
    final Zygote zygote;
    final HookRunner hooks;
    final long capabilities;
    private final boolean ownsZygote;

    KeptContainers(Config config, Zygote zygote, boolean ownsZygote) {
        this.config = config;
        this.linux = config.linux();
        try {
            this.poller = new Poller(linux, "keepers");
            this.capabilities = boundingSet();
        } catch (IOException e) {
            throw new UncheckedIOException("start runtime", e);
        }
        this.zygote = zygote;
        this.ownsZygote = ownsZygote;
        this.hooks = new HookRunner(linux, poller);
    }

    private static long boundingSet() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapBnd:")) {
                return Long.parseUnsignedLong(line.substring(7).strip(), 16);
            }
        }
        throw new IOException("no CapBnd in /proc/self/status");
    }

    /** Where shares of caches are given out; empty if nowhere. */
    Optional<Resctrl> resctrl() throws IOException {
        return config.resctrl() == null ? Resctrl.mounted() : Optional.of(config.resctrl());
    }

    @Override
    public Container create(CreateRequest request) throws RuntimeFailure {
        return new Creation(this, request).run();
    }

    @Override
    public Container restore(CreateRequest request, CriuOptions options) throws RuntimeFailure {
        return new Restoration(this, request, options).run();
    }

    @Override
    public Container load(String id) throws RuntimeFailure {
        StateDirectory directory = StateDirectory.open(linux, config.root(), id);
        try {
            return KeptContainer.load(this, id, directory);
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "load container: " + e.getMessage(), e);
        }
    }

    @Override
    public void discard(String id) throws RuntimeFailure {
        try {
            StateDirectory directory =
                    StateDirectory.unfinished(linux, config.root(), id).orElse(null);
            if (directory == null) {
                return;
            }
            endKeeper(directory);
            if (Files.exists(directory.path().resolve("config.json"))) {
                Spec spec = OciJson.read(Spec.class, directory.read("config.json"));
                config.cgroups().find(id, spec).delete();
                deleteShares(id, spec);
            }
            directory.delete();
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "discard container: " + e.getMessage(), e);
        }
    }

    private void deleteShares(String id, Spec spec) throws IOException {
        IntelRdt wanted = spec.linux() == null ? null : spec.linux().intelRdt();
        Resctrl resctrl = resctrl().orElse(null);
        if (wanted != null && resctrl != null) {
            resctrl.find(id, wanted).delete();
        }
    }

    /** One whose container did not get as far as its record has killed it, and waits to be asked about it. */
    private void endKeeper(StateDirectory directory) throws IOException {
        try (Fd fd = directory.descriptor();
                KeeperConnection keeper = KeeperConnection.open(linux, poller, StateDirectory.socketPath(fd))) {
            keeper.ask(KeeperMessage.Request.QUIT, 0, 1).discard();
        } catch (LinuxException e) {
            if (e.errno() != Errno.ECONNREFUSED && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    @Override
    public List<String> list() throws RuntimeFailure {
        if (!Files.isDirectory(config.root())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(config.root())) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("state.json")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "list containers: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (ownsZygote) {
            zygote.close();
        }
        poller.close();
    }
}
