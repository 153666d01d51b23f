package io.drydock.docker.cli.session;

/** A command that fails: what the user reads, and the exit code. An empty message prints nothing. */
public final class CliException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    public CliException(String message) {
        this(message, 1);
    }

    public CliException(String message, int status) {
        super(message, null, false, false);
        this.status = status;
    }

    public static CliException silent(int status) {
        return new CliException("", status);
    }

    public int status() {
        return status;
    }
}
