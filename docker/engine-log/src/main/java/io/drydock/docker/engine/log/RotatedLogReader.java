package io.drydock.docker.engine.log;

import io.drydock.spec.engine.LogMessage;
import io.drydock.spec.engine.LogQuery;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a log in files from its oldest file to its newest, and follows the one being written. */
public final class RotatedLogReader {

    /** Takes the lines; throws to end the reading. */
    @FunctionalInterface
    public interface Receiver {
        void accept(LogMessage message) throws IOException;
    }

    private final Path path;
    private final LogFormat format;
    private final @Nullable RotatedLog live;
    private final LogQuery query;
    private final Receiver receiver;

    /**
     * @param live the log's writer while the container runs, to follow; null for a log that has ended
     */
    public RotatedLogReader(Path path, LogFormat format, @Nullable RotatedLog live, LogQuery query, Receiver receiver) {
        this.path = path;
        this.format = format;
        this.live = live;
        this.query = query;
        this.receiver = receiver;
    }

    /** Reads until the end, or with {@code follow} until the writer closes the log or the thread is interrupted. */
    public void run() throws IOException, InterruptedException {
        if (query.tail() == 0 && (!query.follow() || live == null)) {
            return;
        }
        var start = live == null ? null : live.progress();
        try (var newest = open(path)) {
            long end = newest == null ? 0 : start == null ? newest.size() : Math.min(newest.size(), start.size());
            if (!history(newest, end) || !query.follow() || live == null || start == null) {
                return;
            }
            follow(newest, end, start);
        }
    }

    private static @Nullable FileChannel open(Path file) throws IOException {
        return Files.exists(file) ? FileChannel.open(file) : null;
    }

    /** Returns false if the rest is later than what is asked for. */
    private boolean history(@Nullable FileChannel newest, long end) throws IOException {
        if (query.tail() == 0) {
            return true;
        }
        var last = query.tail() > 0 ? new ArrayDeque<LogMessage>() : null;
        Receiver target = last == null
                ? receiver
                : message -> {
                    if (last.size() == query.tail()) {
                        last.removeFirst();
                    }
                    last.addLast(message);
                };
        boolean more = true;
        long from = 0;
        List<Path> rotated = rotated();
        if (last != null && newest != null && query.stdout() && query.stderr()) {
            from = format.tail(newest, end, query.tail());
            rotated = from > 0 ? List.of() : rotated;
        } else if (newest != null && query.since() != null) {
            from = format.since(newest, end, query.since());
            rotated = from > 0 ? List.of() : rotated;
        }
        for (Path file : rotated) {
            if (query.since() != null
                    && Files.getLastModifiedTime(file).toInstant().isBefore(query.since())) {
                continue;
            }
            try (InputStream in = decompressed(file)) {
                more = more && lines(in, target);
            }
        }
        if (more && newest != null) {
            newest.position(from);
            more = lines(new BoundedInput(newest, end - from), target);
        }
        if (last != null) {
            for (LogMessage message : last) {
                receiver.accept(message);
            }
        }
        return more;
    }

    private List<Path> rotated() {
        var files = new ArrayList<Path>();
        for (int i = 1; ; i++) {
            Path plain = path.resolveSibling(path.getFileName() + "." + i);
            Path packed = path.resolveSibling(path.getFileName() + "." + i + ".gz");
            if (Files.exists(plain)) {
                files.addFirst(plain);
            } else if (Files.exists(packed)) {
                files.addFirst(packed);
            } else {
                return files;
            }
        }
    }

    private static InputStream decompressed(Path file) throws IOException {
        var in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 64 * 1024) : in;
    }

    private void follow(@Nullable FileChannel opened, long end, RotatedLog.Progress start)
            throws IOException, InterruptedException {
        var writer = java.util.Objects.requireNonNull(live);
        FileChannel channel = opened;
        long at = end;
        var seen = start;
        try {
            while (true) {
                var now = writer.progress();
                if (channel == null) {
                    channel = open(path);
                }
                if (channel != null) {
                    // a file that was rotated away is read to its end, the current one as far as it is complete
                    long limit = now.generation() == seen.generation() ? now.size() : channel.size();
                    channel.position(at);
                    if (!lines(new BoundedInput(channel, limit - at), receiver)) {
                        return;
                    }
                    at = limit;
                }
                if (now.generation() != seen.generation()) {
                    if (channel != null && channel != opened) {
                        channel.close();
                    }
                    channel = open(path);
                    at = 0;
                    seen = new RotatedLog.Progress(now.generation(), 0, false);
                } else if (now.closed()) {
                    return;
                } else {
                    seen = now;
                    writer.awaitBeyond(now);
                }
            }
        } finally {
            if (channel != null && channel != opened) {
                channel.close();
            }
        }
    }

    private boolean lines(InputStream raw, Receiver target) throws IOException {
        var in = new BufferedInputStream(raw, 64 * 1024);
        var decoder = format.decoder(in);
        for (LogMessage message = decoder.next(); message != null; message = decoder.next()) {
            if (query.isPast(message)) {
                return false;
            }
            if (query.accepts(message)) {
                target.accept(message);
            }
        }
        return true;
    }

    /** A part of a channel that it neither closes nor reads beyond. */
    private static final class BoundedInput extends InputStream {
        private final InputStream in;
        private long left;

        BoundedInput(FileChannel channel, long length) {
            this.in = Channels.newInputStream(channel);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
