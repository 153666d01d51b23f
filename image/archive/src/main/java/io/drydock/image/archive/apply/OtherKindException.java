package io.drydock.image.archive.apply;

import java.io.IOException;

/** A directory would take the place of something else, or something else that of a directory. */
public final class OtherKindException extends IOException {
    private static final long serialVersionUID = 1;

    OtherKindException(String message) {
        super(message);
    }
}
