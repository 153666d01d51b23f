package io.drydock.docker.cli.http;

import java.io.IOException;

/** No engine answers where one should. */
public final class ConnectException extends IOException {
    private static final long serialVersionUID = 1L;

    private ConnectException(String message, IOException cause) {
        super(message, cause);
    }

    static ConnectException of(Endpoint endpoint, IOException cause) {
        String why = String.valueOf(cause.getMessage());
        if (why.contains("ermission denied")) {
            return new ConnectException(
                    "permission denied while trying to connect to the Docker daemon socket at " + endpoint.host(),
                    cause);
        }
        if (cause instanceof javax.net.ssl.SSLException) {
            return new ConnectException("error during connect: " + why, cause);
        }
        return new ConnectException(
                "Cannot connect to the Docker daemon at " + endpoint.host() + ". Is the docker daemon running?", cause);
    }
}
