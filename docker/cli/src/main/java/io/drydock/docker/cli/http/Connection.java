package io.drydock.docker.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A byte stream both ways. One thread may read while another writes. */
public interface Connection extends AutoCloseable {
    InputStream input();

    OutputStream output();

    /** Ends our direction; the other goes on. */
    void closeOutput() throws IOException;

    @Override
    void close() throws IOException;
}
