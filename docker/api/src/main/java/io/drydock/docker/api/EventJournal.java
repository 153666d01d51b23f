package io.drydock.docker.api;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EventMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of the past on disk, one JSON object a line: {@code events.jsonl}, and when that has grown to its limit {@code
 * events.jsonl.1} with what was before. An event is written before anybody hears of it, so that an engine that was killed can
 * still tell what it told. Used by one thread at a time.
 */
public final class EventJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventJournal.class);
    private static final JsonType<EventMessage> EVENT = Jsonb.instance().type(EventMessage.class);

    private final Path file;
    private final long limit;
    /** Not a channel: that would be closed by the interruption of whoever publishes an event. */
    private OutputStream out;

    private long size;
    private boolean failing;

    private EventJournal(Path file, long limit, OutputStream out, long size) {
        this.file = file;
        this.limit = limit;
        this.out = out;
        this.size = size;
    }

    /**
     * Opens the journal of a directory, which is made if it is not there.
     *
     * @param limit bytes of a file; two are kept
     */
    public static EventJournal open(Path directory, long limit) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("events.jsonl");
        var out = append(file);
        return new EventJournal(file, limit, out, Files.size(file));
    }

    private static OutputStream append(Path file) throws IOException {
        return new FileOutputStream(file.toFile(), true);
    }

    private Path older() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** Writes an event down. A disk that is full keeps nobody from hearing of it. */
    void append(EventMessage event) {
        try {
            if (size >= limit) {
                rotate();
            }
            var line = new ByteArrayOutputStream(256);
            line.writeBytes(EVENT.toJsonBytes(event));
            line.write('\n');
            out.write(line.toByteArray());
            size += line.size();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.error("write down an event: {}", e.getMessage());
            }
            failing = true;
        }
    }

    private void rotate() throws IOException {
        out.close();
        try {
            Files.move(file, older(), StandardCopyOption.REPLACE_EXISTING);
            size = 0;
        } finally {
            out = append(file);
        }
    }

    /** The files as they are now, to be read later while others write. */
    Past past() throws IOException {
        var files = new ArrayList<FileChannel>();
        try {
            if (Files.exists(older())) {
                files.add(FileChannel.open(older()));
            }
            var newest = FileChannel.open(file);
            files.add(newest);
            return new Past(files, newest.size());
        } catch (IOException e) {
            for (FileChannel opened : files) {
                opened.close();
            }
            throw e;
        }
    }

    /** Takes events in their order. */
    interface Receiver {
        void accept(EventMessage event) throws IOException;
    }

    /** What had happened until a moment. */
    record Past(List<FileChannel> files, long end) implements AutoCloseable {

        /** Reads it from its beginning. */
        void read(Receiver receiver) throws IOException {
            for (FileChannel file : files) {
                long length = file == files.getLast() ? end : file.size();
                read(new BufferedInputStream(Channels.newInputStream(file), 64 * 1024), length, receiver);
            }
        }

        private static void read(InputStream in, long length, Receiver receiver) throws IOException {
            var line = new ByteArrayOutputStream(512);
            for (long at = 0; at < length; at++) {
                int b = in.read();
                if (b == '\n') {
                    tell(line.toByteArray(), receiver);
                    line.reset();
                } else if (b >= 0) {
                    line.write(b);
                }
            }
        }

        private static void tell(byte[] json, Receiver receiver) throws IOException {
            EventMessage event;
            try {
                event = EVENT.fromJson(json);
            } catch (JsonException torn) {
                return; // the engine was killed while it wrote
            }
            receiver.accept(event);
        }

        @Override
        public void close() throws IOException {
            for (FileChannel file : files) {
                file.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
