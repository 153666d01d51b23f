package io.drydock.runc.runtime.plan;

/** A spec that no container can be made of; the message is runc's where it has one. */
public final class InvalidSpecException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidSpecException(String message) {
        super(message);
    }
}
