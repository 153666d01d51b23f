package io.drydock.spec.oci;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;

/**
 * Reads and writes the records of this module as JSON. Each method is safe for use by many threads.
 *
 * <p>A text in a document may have as many characters as the system property {@code jsonb.parserCharBufferSize} says, which
 * the launchers set; avaje-jsonb refuses longer ones.
 */
public final class OciJson {
    /** Deeper than any document of the specifications, and far from what a thread's stack can hold. */
    private static final int DEEPEST = 64;

    private static final Jsonb JSONB =
            Jsonb.builder().serializeNulls(false).serializeEmpty(false).build();

    private OciJson() {}

    /** Makes what reading such documents takes, which in a cold JVM is longer than the reading: for a thread that has time. */
    public static void prepare(Class<?> type) {
        JSONB.type(type);
    }

    /**
     * Reads a document. Unknown members are ignored, absent ones are null or empty.
     *
     * @throws IllegalArgumentException with one clear line when it is not JSON, is cut off, has a member of the wrong type,
     *     or is nested too deeply
     */
    public static <T> T read(Class<T> type, byte[] json) {
        checkDepth(json);
        try {
            var value = JSONB.type(type).fromJson(json);
            if (value == null) {
                throw new IllegalArgumentException("not a JSON object");
            }
            return value;
        } catch (JsonException e) {
            throw new IllegalArgumentException("invalid JSON: " + firstLine(String.valueOf(e.getMessage())), e);
        } catch (IndexOutOfBoundsException e) {
            // the parser's way to answer some names that are cut off
            throw new IllegalArgumentException("invalid JSON: broken off or malformed", e);
        }
    }

    /** The document without white space; absent and empty members are left out. */
    public static <T> byte[] write(Class<T> type, T value) {
        return JSONB.type(type).toJsonBytes(value);
    }

    /** The document with members on lines of their own. */
    public static <T> String writePretty(Class<T> type, T value) {
        return JSONB.type(type).toJsonPretty(value);
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static void checkDepth(byte[] json) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                if (++depth > DEEPEST) {
                    throw new IllegalArgumentException("invalid JSON: nested more than " + DEEPEST + " deep");
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }
}
