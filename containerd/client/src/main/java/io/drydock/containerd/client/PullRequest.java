package io.drydock.containerd.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image to fetch from a registry.
 *
 * @param reference what to fetch, with its host: {@code docker.io/library/busybox:latest}
 * @param name under which the image is stored; empty to store the content only under the caller's lease
 * @param platforms empty for containerd's own
 * @param snapshotter where to unpack it, empty not to
 * @param registry how to reach the registry
 */
public record PullRequest(
        String reference,
        String name,
        Map<String, String> labels,
        List<Platform> platforms,
        String snapshotter,
        Registry registry) {
    /** An operating system and processor, as in an image index; the variant may be empty. */
    public record Platform(String os, String architecture, String variant) {}

    /**
     * How to reach a registry.
     *
     * @param hostsDirectory of {@code HOST/hosts.toml} files (mirrors, certificates), empty for none
     * @param scheme {@code http} or {@code https} for hosts without such a file, empty to let containerd choose
     * @param headers sent with every request
     * @param credentials asked when the registry wants to know who asks; null for none
     * @param limits understood by our containerd only
     */
    public record Registry(
            String hostsDirectory,
            String scheme,
            Map<String, String> headers,
            @Nullable Credentials credentials,
            Limits limits) {
        /** A registry that needs nothing. */
        public static final Registry DEFAULT = new Registry("", "", Map.of(), null);

        /** Keeps a copy of the headers. */
        public Registry {
            headers = Map.copyOf(headers);
        }

        /** Without limits. */
        public Registry(
                String hostsDirectory, String scheme, Map<String, String> headers, @Nullable Credentials credentials) {
            this(hostsDirectory, scheme, headers, credentials, Limits.NONE);
        }
    }

    /**
     * How much one transfer may do; 0 for what containerd itself does.
     *
     * @param downloads of layers at once
     * @param uploads of blobs at once
     * @param downloadAttempts for a layer whose connection breaks
     */
    public record Limits(int downloads, int uploads, int downloadAttempts) {
        /** Nothing is limited. */
        public static final Limits NONE = new Limits(0, 0, 0);
    }

    /** Keeps copies. */
    public PullRequest {
        labels = Map.copyOf(labels);
        platforms = List.copyOf(platforms);
    }
}
