package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
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

/** Puts layers that did not come from a registry into containerd's stores, held by a lease until an image holds them. */
final class LayerStore {
    private static final Duration LIFE = Duration.ofHours(24);

    private final ContainerdClient containerd;

    LayerStore(ContainerdClient containerd) {
        this.containerd = containerd;
    }

    /** Fills a layer's directory. */
    @FunctionalInterface
    interface Unpacking {
        void into(Path directory, List<Path> parents) throws IOException;
    }

    /** Work under a lease. */
    @FunctionalInterface
    interface Work<T> {
        T run(ContainerdClient leased) throws IOException;
    }

    /** Runs work whose blobs and snapshots are kept until it ends. */
    <T> T leased(Work<T> work) throws IOException {
        String id = "engine-" + UUID.randomUUID();
        containerd.leases().create(id, Map.of(
                Lease.EXPIRE, Instant.now().plus(LIFE).truncatedTo(ChronoUnit.SECONDS).toString()));
        try {
            return work.run(containerd.withLease(id));
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("store image", e);
        } finally {
            containerd.leases().delete(id, false);
        }
    }

    /** Makes the snapshot of a layer on a stack unless it is there; returns its chain ID. */
    String unpack(ContainerdClient leased, String parent, String diffId, Unpacking unpacking) throws IOException {
        String chainId = ChainId.next(parent, diffId);
        var snapshots = leased.snapshots(ImageCatalog.SNAPSHOTTER);
        if (exists(leased, chainId)) {
            return chainId;
        }
        String key = "extract-" + UUID.randomUUID() + " " + chainId;
        List<Mount> mounts = snapshots.prepare(key, parent, Map.of());
        try {
            unpacking.into(writable(mounts), lower(mounts));
            snapshots.commit(chainId, key, Map.of());
        } catch (ContainerdException e) {
            snapshots.remove(key);
            if (!e.alreadyExists()) {
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            snapshots.remove(key);
            throw e;
        }
        return chainId;
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

    private static List<Path> lower(List<Mount> mounts) {
        for (Mount mount : mounts) {
            for (String option : mount.options()) {
                if (option.startsWith("lowerdir=")) {
                    return java.util.Arrays.stream(option.substring(9).split(":")).map(Path::of).toList();
                }
            }
        }
        return List.of();
    }
}
