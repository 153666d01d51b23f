package io.drydock.image.archive.tar;

import java.io.IOException;

/** The bytes are not a tar archive, or one that is broken or unsupported. */
public final class TarException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The message says what is wrong, e.g. {@code archive/tar: invalid tar header}. */
    public TarException(String message) {
        super("archive/tar: " + message);
    }
}
