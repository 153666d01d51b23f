package io.drydock.docker.engine.log;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.JsonLogLine;
import io.drydock.spec.engine.LogMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads json-file lines. What is no such line (a crash may leave a torn one) is passed over. */
final class JsonLineDecoder implements LineDecoder {
    private static final JsonType<JsonLogLine> LINE = Jsonb.instance().type(JsonLogLine.class);

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

    JsonLineDecoder(InputStream in) {
        this.in = in;
    }

    @Override
    public @Nullable LogMessage next() throws IOException {
        while (true) {
            line.reset();
            int b = in.read();
            while (b >= 0 && b != '\n') {
                line.write(b);
                b = in.read();
            }
            if (b < 0) {
                return null;
            }
            var message = decode(line.toByteArray());
            if (message != null) {
                return message;
            }
        }
    }

    static @Nullable LogMessage decode(byte[] json) {
        try {
            var record = LINE.fromJson(json);
            return new LogMessage(
                    record.stream().equals("stderr") ? 2 : 1,
                    record.log().getBytes(StandardCharsets.UTF_8),
                    Instant.parse(record.time()),
                    record.attrs() == null ? java.util.Map.of() : record.attrs());
        } catch (JsonException | DateTimeParseException e) {
            return null;
        }
    }
}
