package io.drydock.docker.engine.container.stdio;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The redo file of one stream: 16 bytes of header, then bytes. The header says where in the log the lines of the last bytes
 * begin, or -1 if they are not logged yet, and where in this file these bytes begin; those before are done with. Owned by the
 * thread that copies the stream.
 */
final class RedoFile implements AutoCloseable {
    private static final int HEADER = 16;
    private static final int LARGEST = 256 * 1024;
    private static final long NOT_LOGGED = -1;
    private static final byte[] EMPTY = {};

    /** What an earlier dockerd left: bytes, and where their lines begin in the log, or -1 if they are not in the log. */
    record Left(long mark, byte[] bytes) {}

    private final Linux linux;
    private final Path path;
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER);
    private Fd file;
    private long size;
    private long start = HEADER;
    private long position;

    RedoFile(Linux linux, Path path) throws IOException {
        this.linux = linux;
        this.path = path;
        this.file = open();
        this.size = Files.size(path);
    }

    private Fd open() throws LinuxException {
        return linux.files().openat(Fd.CWD, path.toString(), O.RDWR | O.CREAT, 0600);
    }

    Left left() throws IOException {
        if (size <= HEADER) {
            return new Left(NOT_LOGGED, EMPTY);
        }
        var all = ByteBuffer.wrap(Files.readAllBytes(path));
        long mark = all.getLong();
        start = all.getLong();
        byte[] bytes = new byte[(int) (size - start)];
        all.position((int) start).get(bytes);
        return new Left(mark, bytes);
    }

    /** Step 1: says where the lines of the bytes will begin. */
    void begin(long mark) throws IOException {
        header(mark);
        size = Math.max(size, HEADER);
    }

    private void header(long mark) throws IOException {
        linux.files().pwrite(file, header.clear().putLong(mark).putLong(start).flip(), 0);
    }

    /**
     * Step 2: takes what is in the FIFO.
     *
     * @return the bytes taken; 0 at the end of the stream, -1 if there are none now
     */
    int take(Fd fifo, ByteBuffer target) throws IOException {
        if (position != size) {
            position = linux.files().lseek(file, size, 0);
        }
        int count;
        try {
            count = (int) linux.pipes().splice(fifo, file, target.capacity(), PipeCalls.NONBLOCK);
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
        target.clear().limit(count);
        long at = size;
        size += count;
        position = size;
        while (target.hasRemaining()) {
            if (linux.files().pread(file, target, at + target.position()) == 0) {
                throw new IOException("redo file \"" + path + "\" is shorter than written");
            }
        }
        target.flip();
        return count;
    }

    /** Step 4: the lines are in the log; only the unfinished one, the last of the bytes, is kept. */
    void commit(byte[] carry) throws IOException {
        start = size - carry.length;
        if (size > LARGEST && carry.length > 0) {
            replace(carry);
            return;
        }
        header(NOT_LOGGED);
        if (size > LARGEST) {
            linux.files().ftruncate(file, 0);
            size = 0;
            start = HEADER;
        }
    }

    /** Another file in the place of one that has grown large. */
    private void replace(byte[] carry) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        byte[] content = ByteBuffer.allocate(HEADER + carry.length)
                .putLong(NOT_LOGGED)
                .putLong(HEADER)
                .put(carry)
                .array();
        Files.write(next, content);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        file.close();
        file = open();
        size = content.length;
        start = HEADER;
        position = 0;
    }

    /** Closes and removes the file: the stream has ended and is logged. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() {
        file.close();
    }
}
