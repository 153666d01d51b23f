package io.drydock.docker.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A connection that left HTTP behind. {@code multiplexed} says whether the answer comes in frames of stdout and stderr. */
public record Hijacked(Connection connection, InputStream input, boolean multiplexed) implements AutoCloseable {
    public OutputStream output() {
        return connection.output();
    }

    public void closeOutput() throws IOException {
        connection.closeOutput();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
