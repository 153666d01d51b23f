package io.drydock.docker.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The standard streams of a command as a connection. */
final class CommandConnection implements Connection {
    private final List<String> command;
    private final Process process;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Thread reader;

    CommandConnection(List<String> command) throws IOException {
        this.command = command;
        process = new ProcessBuilder(command).start();
        reader = Thread.ofPlatform().daemon().start(this::readErrors);
    }

    private void readErrors() {
        try {
            process.getErrorStream().transferTo(errors);
        } catch (IOException e) {
            return; // it was ended by us
        }
    }

    @Override
    public InputStream input() {
        var in = process.getInputStream();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b < 0) {
                    checkEnd();
                }
                return b;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = in.read(b, off, len);
                if (n < 0) {
                    checkEnd();
                }
                return n;
            }
        };
    }

    /** The end of its output is an error if the command failed. */
    private void checkEnd() throws IOException {
        try {
            int status = process.waitFor();
            reader.join();
            if (status != 0) {
                throw new IOException("error during connect: command [" + String.join(" ", command)
                        + "] has exited with exit status " + status
                        + ", make sure the URL is valid, and Docker 18.09 or "
                        + "later is installed on the remote host: stderr=" + errors.toString(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public OutputStream output() {
        var out = process.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                try {
                    out.write(b, off, len);
                    out.flush();
                } catch (IOException e) {
                    checkEnd();
                    throw e;
                }
            }
        };
    }

    @Override
    public void closeOutput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroy(); // ends its streams, too; closing ours would write to it what it has not taken
    }
}
