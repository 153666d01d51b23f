package io.drydock.docker.engine.plugin;

/** A plugin that is not there, does not answer, or says no. */
public final class PluginException extends Exception {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Kind {
        /** There is no such plugin. */
        NOT_FOUND,
        /** It has another purpose. */
        NOT_IMPLEMENTED,
        /** It cannot be reached or did not answer in time. */
        UNREACHABLE,
        /** It answered with an error. */
        REFUSED
    }

    private final Kind kind;

    PluginException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    PluginException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
