package io.drydock.docker.cli.http;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an engine answered. Header names are in lower case. Closing gives up what was not read. */
public record Answer(int status, Map<String, String> headers, InputStream body, Release release)
        implements AutoCloseable {

    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    public String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    public @Nullable Object json() throws IOException {
        return Json.parse(text());
    }

    @Override
    public void close() throws IOException {
        release.after(body instanceof BodyStream stream && stream.ended());
    }

    /** What becomes of the connection; it can serve again only if all of the answer was read. */
    interface Release {
        void after(boolean allRead) throws IOException;
    }
}
