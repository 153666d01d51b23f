package io.drydock.docker.dockerd;

/** The command line or {@code daemon.json} asks for something that cannot be; the message is for the user. */
final class BadUsage extends Exception {
    private static final long serialVersionUID = 1;

    BadUsage(String message) {
        super(message);
    }
}
