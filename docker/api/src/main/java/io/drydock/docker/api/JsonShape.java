package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON member by member, for answers that differ from what the engine's records are written as. */
final class JsonShape {
    /** Writes null and empty members, too. */
    static final JsonType<Object> ANY =
            Jsonb.builder().serializeNulls(true).serializeEmpty(true).build().type(Object.class);

    private JsonShape() {}

    /** The members of an object, to be changed; none of something else. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
    }

    /** What to send, ended by a newline. */
    static byte[] line(Object json) {
        return (ANY.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A record's members as the engine writes them, to be changed. */
    static Map<String, Object> members(String json) {
        return object(ANY.fromJson(json));
    }
}
