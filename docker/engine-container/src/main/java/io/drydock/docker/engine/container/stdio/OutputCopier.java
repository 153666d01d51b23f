package io.drydock.docker.engine.container.stdio;

import io.drydock.docker.engine.container.watch.OperationLock;
import io.drydock.docker.engine.log.ContainerLog;
import io.drydock.docker.engine.log.LineSplitter;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one stream to the log and the clients, on a virtual thread of its own, until its writers have gone. The log is
 * shared with the other stream and guarded by the lock; a write to it is one chunk.
 */
final class OutputCopier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputCopier.class);
    private static final int CHUNK = 64 * 1024;

    private final Linux linux;
    private final Poller poller;
    private final int stream;
    private final Fd fifo;
    private final @Nullable RedoFile redo;
    private final ContainerLog log;
    private final LineSplitter splitter;
    private final OperationLock logLock;
    private final Broadcast clients;
    private @Nullable ByteBuffer buffer;
    private byte[] chunk = {};
    private @Nullable IOException logFailure;
    private volatile boolean last;

    OutputCopier(
            Linux linux,
            Poller poller,
            int stream,
            Fd fifo,
            @Nullable RedoFile redo,
            ContainerLog log,
            OperationLock logLock,
            Broadcast clients) {
        this.linux = linux;
        this.poller = poller;
        this.stream = stream;
        this.fifo = fifo;
        this.redo = redo;
        this.log = log;
        this.splitter = new LineSplitter(stream, log);
        this.logLock = logLock;
        this.clients = clients;
    }

    /** Brings the log into order after a dockerd that was killed. Called before any copier of the log runs. */
    void recover() throws IOException {
        if (redo == null) {
            return;
        }
        var left = redo.left();
        if (left.bytes().length > 0) {
            if (left.mark() >= 0) {
                log.rollback(left.mark());
            }
            redo.begin(log.mark());
            splitter.write(left.bytes(), left.bytes().length, Instant.now());
            log.commit();
            redo.commit(splitter.carry());
        }
    }

    @Override
    public void run() {
        try {
            // a FIFO that nobody has opened for writing yet reads as ended, so wait before reading
            boolean more = true;
            while (more && !last) {
                poller.await(fifo, EventCalls.IN);
                more = copyWhatIsThere();
            }
            if (more) {
                copyWhatIsThere();
            }
            finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("copy output stream {}: {}", stream, e.getMessage());
            drain();
        } finally {
            fifo.close();
        }
    }

    /** Returns false at the end of the stream. */
    private boolean copyWhatIsThere() throws IOException {
        while (true) {
            int count = redo == null ? read() : logged();
            if (count <= 0) {
                return count < 0;
            }
            clients.send(stream, chunk, count);
            if (logFailure != null) {
                throw logFailure;
            }
            if (redo != null && count < CHUNK) {
                return true; // that was all, and looking again costs a commit
            }
        }
    }

    private int read() throws IOException {
        var target = buffer().clear();
        try {
            int count = linux.files().read(fifo, target);
            copyOut(target.flip(), count);
            return count;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
    }

    private int logged() throws IOException {
        var file = java.util.Objects.requireNonNull(redo);
        logLock.lock();
        try {
            var target = buffer();
            file.begin(log.mark());
            int count = file.take(fifo, target);
            if (count > 0) {
                copyOut(target, count);
                try {
                    splitter.write(chunk, count, Instant.now());
                    log.commit();
                } catch (IOException e) {
                    // the clients still get what the log cannot hold
                    logFailure = e;
                    return count;
                }
            }
            file.commit(splitter.carry());
            return count;
        } finally {
            logLock.unlock();
        }
    }

    private ByteBuffer buffer() {
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(CHUNK);
        }
        return buffer;
    }

    private void copyOut(ByteBuffer from, int count) {
        if (chunk.length < count) {
            chunk = new byte[CHUNK];
        }
        from.get(chunk, 0, count);
    }

    private void finish() throws IOException {
        if (redo != null) {
            logLock.lock();
            try {
                splitter.finish(Instant.now());
                log.commit();
                redo.delete();
            } finally {
                logLock.unlock();
            }
        }
    }

    /** The log cannot be written: the container must not block for it. */
    private void drain() {
        try {
            var scratch = ByteBuffer.allocateDirect(CHUNK);
            while (!last || poller.await(fifo, EventCalls.IN, java.time.Duration.ofMillis(1)) != 0) {
                poller.await(fifo, EventCalls.IN);
                int count = linux.files().read(fifo, scratch.clear());
                if (count == 0) {
                    return;
                }
                byte[] bytes = new byte[count];
                scratch.flip().get(bytes);
                clients.send(stream, bytes, count);
            }
        } catch (IOException e) {
            LOG.error("drain output stream {}: {}", stream, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process has ended, but somebody still holds the stream: what is there is the last. To be called until it ends. */
    void endSoon() {
        last = true;
        poller.cancel(fifo);
    }
}
