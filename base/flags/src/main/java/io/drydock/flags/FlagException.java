package io.drydock.flags;

/** A command line that does not fit its flags; the message is what the user reads. */
public final class FlagException extends Exception {
    private static final long serialVersionUID = 1L;

    public FlagException(String message) {
        super(message, null, false, false);
    }
}
