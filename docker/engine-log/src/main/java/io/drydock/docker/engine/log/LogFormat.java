package io.drydock.docker.engine.log;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The two ways in which lines are kept in a file. */
public enum LogFormat {
    /** A JSON object a line: json-file. */
    JSON_LINES {
        @Override
        LineEncoder encoder(Map<String, String> attributes) {
            return new JsonLineEncoder(
                    attributes.isEmpty() ? "" : Jsonb.instance().toJson(new TreeMap<>(attributes)));
        }

        @Override
        LineDecoder decoder(InputStream in) {
            return new JsonLineDecoder(in);
        }

        @Override
        long tail(FileChannel file, long end, int lines) throws IOException {
            return TailFinder.offset(file, end, lines);
        }

        @Override
        long since(FileChannel file, long end, Instant time) throws IOException {
            return SinceFinder.offset(file, end, time);
        }
    },

    /** Length, protobuf message, length again: local. */
    RECORDS {
        @Override
        LineEncoder encoder(Map<String, String> attributes) {
            return new RecordEncoder();
        }

        @Override
        LineDecoder decoder(InputStream in) {
            return new RecordDecoder(in);
        }

        @Override
        long tail(FileChannel file, long end, int lines) throws IOException {
            return RecordTail.offset(file, end, lines);
        }

        @Override
        long since(FileChannel file, long end, Instant time) {
            return 0; // records have no mark to begin at in the middle of a file
        }
    };

    /**
     * @param attributes what each line carries besides
     */
    abstract LineEncoder encoder(Map<String, String> attributes);

    abstract LineDecoder decoder(InputStream in);

    /** Where the {@code lines}-th last line before {@code end} begins; 0 if there are not as many. */
    abstract long tail(FileChannel file, long end, int lines) throws IOException;

    /** A place before the first line that is not older than the time, as near to it as can be found quickly. */
    abstract long since(FileChannel file, long end, Instant time) throws IOException;
}
