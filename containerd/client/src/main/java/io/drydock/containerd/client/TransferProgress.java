package io.drydock.containerd.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a transfer.
 *
 * @param event such as {@code fetching}, {@code downloading}, {@code complete}, {@code extracting}, {@code extracted},
 *     {@code saved}
 * @param name of the thing that moves, unique in the transfer
 * @param parents names of the things it is part of
 * @param progress bytes done, of {@code total}; both 0 if unknown
 * @param descriptor of the thing, if it is a blob
 */
public record TransferProgress(
        String event,
        String name,
        List<String> parents,
        long progress,
        long total,
        @Nullable Descriptor descriptor) {
    /** Keeps a copy of the parents. */
    public TransferProgress {
        parents = List.copyOf(parents);
    }
}
