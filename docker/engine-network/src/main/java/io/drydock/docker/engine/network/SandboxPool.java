package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Network namespaces with a pair of interfaces, made ahead of the containers that will use them: pinned, loopback up, one end
 * of the pair inside as {@code eth0}, the other outside, both down. Each is used once. A thread of its own fills the pool again.
 */
final class SandboxPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxPool.class);

    private final NamespaceFactory namespaces;
    private final RouteNetlink host;
    private final Path directory;
    private final ConcurrentLinkedDeque<Prepared> ready = new ConcurrentLinkedDeque<>();
    private final Semaphore missing;
    private final Thread filler;
    private volatile boolean closed;

    /**
     * A namespace that waits for its container.
     *
     * @param id 64 hex digits, the sandbox's id
     * @param file where it is pinned
     * @param handles open descriptors of it; whoever takes it closes them
     * @param hostInterface the name of the interface outside
     * @param link the number of the interface inside
     */
    record Prepared(String id, Path file, NamespaceFactory.Handles handles, String hostInterface, int link) {}

    /**
     * A pool that keeps that many namespaces ready.
     *
     * @param host a socket in the engine's own namespace
     * @param directory where namespaces are pinned
     * @param size how many, at least 0
     */
    SandboxPool(NamespaceFactory namespaces, RouteNetlink host, Path directory, int size) {
        this.namespaces = namespaces;
        this.host = host;
        this.directory = directory;
        this.missing = new Semaphore(size);
        this.filler = Thread.ofPlatform().name("sandbox-pool").daemon().start(this::fill);
    }

    /** Takes a namespace, or makes one if none is ready. */
    Prepared take() throws IOException {
        var prepared = ready.pollFirst();
        if (prepared == null) {
            return make();
        }
        missing.release();
        return prepared;
    }

    /** Makes a namespace with loopback alone: its host interface has no name, and its link is 0. */
    Prepared bare() throws IOException {
        var id = HexIds.id();
        var file = directory.resolve(id.substring(0, 12));
        return new Prepared(id, file, namespaces.create(file), "", 0);
    }

    private void fill() {
        try {
            while (!closed) {
                missing.acquire();
                ready.addLast(make());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // containers make their own from now on, and report the reason if it persists
            LOG.warn("no more network namespaces are made ahead: {}", e.getMessage());
        }
    }

    private Prepared make() throws IOException {
        var id = HexIds.id();
        var file = directory.resolve(id.substring(0, 12));
        var handles = namespaces.create(file);
        try {
            var name = HexIds.interfaceName();
            host.createVeth(name, "eth0", handles.namespace().number());
            var link = handles.links().link("eth0");
            if (link == null) {
                throw new IOException("interface eth0 of " + file + " is gone");
            }
            return new Prepared(id, file, handles, name, link.index());
        } catch (IOException e) {
            handles.close();
            namespaces.remove(file);
            throw e;
        }
    }

    /** Removes a namespace that was taken but is not used after all. */
    void discard(Prepared prepared) throws IOException {
        prepared.handles().close();
        if (!prepared.hostInterface().isEmpty()) {
            host.deleteLink(prepared.hostInterface());
        }
        namespaces.remove(prepared.file());
    }

    /** Removes all that wait. */
    @Override
    public void close() {
        closed = true;
        filler.interrupt();
        try {
            filler.join();
            for (var prepared = next(); prepared != null; prepared = next()) {
                discard(prepared);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Prepared next() {
        return ready.pollFirst();
    }
}
