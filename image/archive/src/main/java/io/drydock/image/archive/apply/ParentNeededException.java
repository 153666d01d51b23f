package io.drydock.image.archive.apply;

import java.io.IOException;

/**
 * The layer cannot be written by itself: it links to a file of a layer below, or goes through a symbolic link there. Write it
 * onto a mount of its parents, with {@link ApplyOptions.Whiteouts#REMOVE}.
 */
public final class ParentNeededException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The message names the entry. */
    public ParentNeededException(String message) {
        super(message);
    }
}
