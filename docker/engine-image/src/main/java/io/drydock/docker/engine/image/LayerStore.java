package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.Lease;
import io.drydock.containerd.client.Mount;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Puts layers that did not come from a registry into containerd's stores, held by a lease until an image holds them. */
final class LayerStore {
    private static final Duration LIFE = Duration.ofHours(24);

    private final ContainerdClient containerd;

    LayerStore(ContainerdClient containerd) {
        this.containerd = containerd;
    }

    /** Fills a layer's directory and tells its diff ID. */
    @FunctionalInterface
    interface Unpacking {
        String into(Path directory) throws IOException;
    }

    /** Work under a lease. */
    @FunctionalInterface
    interface Work<T> {
        T run(ContainerdClient leased) throws IOException;
    }

    /** Runs work whose blobs and snapshots are kept until it ends. */
    <T> T leased(Work<T> work) throws IOException {
        return leased(work, false);
    }

    /** @param collect wait until what the work has not named is gone */
    <T> T leased(Work<T> work, boolean collect) throws IOException {
        String id = "engine-" + UUID.randomUUID();
        containerd
                .leases()
                .create(
                        id,
                        Map.of(
                                Lease.EXPIRE,
                                Instant.now()
                                        .plus(LIFE)
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()));
        try {
            return work.run(containerd.withLease(id));
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("store image", e);
        } finally {
            cleanUp(() -> containerd.leases().delete(id, collect));
        }
    }

    /**
     * Takes away what work has made, also for a client that has gone: the interrupt that tells so may come at any time, so this
     * is done on a thread that does not hear it.
     */
    static void cleanUp(Runnable step) {
        try {
            CompletableFuture.runAsync(step, task -> Thread.ofVirtual().start(task))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Makes the snapshot of a lowest layer; returns its diff ID, which is its chain ID, too. */
    String unpackBase(ContainerdClient leased, Unpacking unpacking) throws IOException {
        var snapshots = leased.snapshots(ImageCatalog.SNAPSHOTTER);
        String key = "extract-" + UUID.randomUUID();
        List<Mount> mounts = snapshots.prepare(key, "", Map.of());
        try {
            String diffId = unpacking.into(writable(mounts));
            if (exists(leased, diffId)) {
                snapshots.remove(key);
            } else {
                snapshots.commit(diffId, key, Map.of());
            }
            return diffId;
        } catch (IOException | RuntimeException e) {
            cleanUp(() -> snapshots.remove(key));
            throw e;
        }
    }

    /** Looks at the diff ID of a layer that has been unpacked, and throws if it is the wrong one. */
    @FunctionalInterface
    interface Check {
        void diffId(String diffId);
    }

    /** Makes the snapshot of a layer that is in the content store on the one of its parents, if it is not there yet. */
    void unpack(ContainerdClient leased, Descriptor layer, String parent, String chainId, Check check) {
        var snapshots = leased.snapshots(ImageCatalog.SNAPSHOTTER);
        if (exists(leased, chainId)) {
            return;
        }
        String key = "extract-" + UUID.randomUUID();
        var mounts = snapshots.prepare(key, parent, Map.of());
        boolean committed = false;
        try {
            check.diffId(leased.diffs().apply(layer, mounts));
            snapshots.commit(chainId, key, Map.of());
            committed = true;
        } catch (ContainerdException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            // a pull of the same layers was faster
        } finally {
            if (!committed) {
                cleanUp(() -> snapshots.remove(key));
            }
        }
    }

    private static boolean exists(ContainerdClient leased, String chainId) {
        try {
            leased.snapshots(ImageCatalog.SNAPSHOTTER).stat(chainId);
            return true;
        } catch (ContainerdException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    /** The directory that holds what is written into a snapshot. */
    static Path writable(List<Mount> mounts) {
        for (Mount mount : mounts) {
            if (mount.type().equals("bind") || mount.options().contains("rbind")) {
                return Path.of(mount.source());
            }
            for (String option : mount.options()) {
                if (option.startsWith("upperdir=")) {
                    return Path.of(option.substring(9));
                }
            }
        }
        throw EngineException.system("the snapshot has no writable directory: " + mounts, null);
    }
}
