package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.stdio.OutputListener;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that has joined a process's streams. Its output is written by the copying threads, its input by a thread of its
 * own; {@link #await} returns when the process has ended, or the client has gone or detached.
 */
final class ClientSession implements OutputListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final int BUFFER = 32 * 1024;

    private final ProcessStdio stdio;
    private final Output output;
    private final boolean stdout;
    private final boolean stderr;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean detached;

    /** Bytes to a client. */
    @FunctionalInterface
    interface Output {
        void write(int stream, byte[] bytes, int length) throws IOException;
    }

    ClientSession(ProcessStdio stdio, Output output, boolean stdout, boolean stderr) {
        this.stdio = stdio;
        this.output = output;
        this.stdout = stdout;
        this.stderr = stderr;
        stdio.attach(this);
    }

    @Override
    public void output(int stream, byte[] bytes, int length) throws IOException {
        if (stream == 1 ? stdout : stderr) {
            output.write(stream, bytes, length);
        }
    }

    @Override
    public void ended() {
        over.countDown();
    }

    /** What to do when the client's input has ended. */
    @FunctionalInterface
    interface InputEnd {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Begins to copy the client's input to the process.
     *
     * @param keys by which the client leaves; empty for none
     * @param end called when the client will send no more
     */
    void copyInput(InputStream input, byte[] keys, InputEnd end) {
        Thread.ofVirtual().name("attach-stdin").start(() -> {
            try {
                if (keys.length == 0) {
                    copy(input);
                } else {
                    var watched = new DetachKeys(input, keys);
                    copy(watched);
                    detached = watched.detached();
                }
                if (detached) {
                    over.countDown();
                } else {
                    end.run();
                }
            } catch (InterruptedIOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                LOG.debug("copy a client's input: {}", e.getMessage());
            }
        });
    }

    /** Notices a client that goes away although no input of it is wanted. */
    void watchInput(InputStream input) {
        copyNowhere(input);
    }

    private void copyNowhere(InputStream input) {
        Thread.ofVirtual().name("attach-watch").start(() -> {
            byte[] scratch = new byte[1024];
            try {
                while (input.read(scratch) >= 0) {
                    continue;
                }
            } catch (IOException e) {
                over.countDown();
            }
        });
    }

    private void copy(InputStream input) throws IOException {
        OutputStream stdin = stdio.stdin();
        byte[] buffer = new byte[BUFFER];
        for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
            if (stdin != null) {
                stdin.write(buffer, 0, count);
            }
        }
    }

    /** Waits for the end of the output, but not longer than the time. */
    void await(Duration patience) throws InterruptedException {
        try {
            over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            stdio.detach(this);
        }
    }

    /** Waits for the end; true if the client has detached. */
    boolean await() throws InterruptedException {
        try {
            over.await();
            return detached;
        } finally {
            stdio.detach(this);
        }
    }
}
