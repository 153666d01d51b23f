package io.drydock.docker.cli.session;

import io.drydock.docker.cli.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream of JSON objects, one on each line. */
public final class JsonLines {
    private final BufferedReader reader;

    public JsonLines(InputStream in) {
        this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next object, or null at the end. Waits until there is one. */
    public @Nullable Map<String, Object> next() throws IOException {
        String line = reader.readLine();
        while (line != null && line.isBlank()) {
            line = reader.readLine();
        }
        return line == null ? null : Json.map(Json.parse(line));
    }
}
