package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a json-file log. */
@Json
public record JsonLogLine(
        String log, String stream, @Nullable Map<String, String> attrs, String time) {

    /** Absent members become their empty form. */
    public JsonLogLine {
        log = log == null ? "" : log;
        stream = stream == null ? "" : stream;
        time = time == null ? "" : time;
    }
}
