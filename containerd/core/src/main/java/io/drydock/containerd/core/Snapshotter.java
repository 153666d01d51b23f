package io.drydock.containerd.core;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Root file systems as stacks of layers.
 *
 * <pre>
 *   prepare("moby", "", "work", "")              active, empty: write the lowest layer into its mounts
 *   commit ("moby", "", chainId1, "work")        committed: can be a parent, never changes
 *   prepare("moby", "", "container", chainId1)   active, on top: a container's root
 *   view   ("moby", "", "look", chainId1)        read only
 *   remove ("moby", "container")             children first: a parent cannot be removed
 * </pre>
 *
 * <p>Snapshots are listed parents first. Methods throw {@link ContainerdError} with NOT_FOUND, ALREADY_EXISTS,
 * FAILED_PRECONDITION (it has children) or INVALID_ARGUMENT (a parent that is not committed).
 */
public interface Snapshotter {
    /** Active ones are writable, views are not, committed ones are parents. */
    enum Kind {
        VIEW,
        ACTIVE,
        COMMITTED
    }

    /** A mount to make: type, source, options as in mount(8). */
    record Mount(String type, String source, List<String> options) {
        /** The value of an option {@code name=value}, empty if there is none. */
        public String option(String name) {
            for (var option : options) {
                if (option.startsWith(name) && option.startsWith("=", name.length())) {
                    return option.substring(name.length() + 1);
                }
            }
            return "";
        }

        public boolean isBind() {
            return type.equals("bind") || options.contains("bind") || options.contains("rbind");
        }
    }

    /** What is known of a snapshot; the parent is empty for the lowest. */
    record Info(
            String name, String parent, Kind kind, Instant createdAt, Instant updatedAt, Map<String, String> labels) {}

    /** What a snapshot takes on disk without its parents; size in bytes. */
    record Usage(long size, long inodes) {}

    /** The name by which clients ask for it, such as {@code overlayfs}. */
    String name();

    /**
     * Whether layers can be written without their parents, side by side, and be stacked at their commit. Else a layer is
     * prepared on its parent and written into its mounts.
     */
    boolean stacksLater();

    /** @param lease that holds the snapshot, empty for none */
    List<Mount> prepare(String namespace, String lease, String key, String parent, Map<String, String> labels)
            throws IOException;

    /** @param lease that holds the snapshot, empty for none */
    List<Mount> view(String namespace, String lease, String key, String parent, Map<String, String> labels)
            throws IOException;

    List<Mount> mounts(String namespace, String key);

    /**
     * Makes an active snapshot a committed one under a new name.
     *
     * @param lease that holds the snapshot, empty for none
     * @param parent if not empty, the parent it gets now; UNIMPLEMENTED unless {@link #stacksLater}
     */
    void commit(String namespace, String lease, String name, String key, String parent, Map<String, String> labels)
            throws IOException;

    void remove(String namespace, String key) throws IOException;

    Info stat(String namespace, String key);

    Info updateLabels(String namespace, String key, Map<String, String> labels, Iterable<String> paths);

    List<Info> list(String namespace, Filter filter);

    Usage usage(String namespace, String key) throws IOException;

    /** The directory into which a layer without parents is unpacked, whiteouts in the form that the mounts understand. */
    Path layerDirectory(String namespace, String key);

    /** The directories below a snapshot, the nearest first, beginning with the one of the given name itself. */
    List<Path> layers(String namespace, String name);

    /** Removes what removed snapshots have left on disk. */
    void cleanup() throws IOException;
}
