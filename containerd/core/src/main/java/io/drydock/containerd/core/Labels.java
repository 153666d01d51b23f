package io.drydock.containerd.core;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Labels: their limits, and their form in a store. */
public final class Labels {
    private static final int LONGEST = 4096;

    public static final String GC_REF_CONTENT = "containerd.io/gc.ref.content";
    public static final String GC_REF_SNAPSHOT = "containerd.io/gc.ref.snapshot.";
    public static final String GC_REF_IMAGE = "containerd.io/gc.ref.image";
    /** {@code containerd.io/gc.bref.KIND}: the labelled thing is kept as long as what the label names. */
    public static final String GC_BACK_REF = "containerd.io/gc.bref.";
    /** On a lease: it holds what it names and not what that refers to. */
    public static final String GC_FLAT = "containerd.io/gc.flat";

    public static final String GC_ROOT = "containerd.io/gc.root";
    public static final String GC_EXPIRE = "containerd.io/gc.expire";
    public static final String UNCOMPRESSED = "containerd.io/uncompressed";
    public static final String DISTRIBUTION_SOURCE = "containerd.io/distribution.source.";

    private Labels() {}

    /** Answers the labels. Throws INVALID_ARGUMENT when one of them is longer than 4096 bytes, key and value together. */
    public static Map<String, String> check(Map<String, String> labels) {
        labels.forEach((key, value) -> {
            if (key.length() + value.length() > LONGEST) {
                throw ContainerdError.invalid("label key and value length (" + (key.length() + value.length())
                        + " bytes) greater than maximum size (" + LONGEST + " bytes), key: "
                        + key.substring(0, Math.min(64, key.length())));
            }
        });
        return labels;
    }

    /**
     * The labels after an update with a field mask: all of them replaced, or single ones set or (if empty) removed.
     *
     * @param subject of which they are, for what is said of a path that names something else
     */
    public static Map<String, String> update(
            Map<String, String> old, Map<String, String> wanted, Iterable<String> paths, String subject) {
        var result = new LinkedHashMap<>(old);
        boolean any = false;
        for (var path : paths) {
            any = true;
            if (path.equals("labels")) {
                result.clear();
                result.putAll(wanted);
            } else if (path.startsWith("labels.")) {
                var key = path.substring(7);
                var value = wanted.getOrDefault(key, "");
                if (value.isEmpty()) {
                    result.remove(key);
                } else {
                    result.put(key, value);
                }
            } else {
                throw ContainerdError.invalid("cannot update \"" + path + "\" field on " + subject);
            }
        }
        return check(any ? result : wanted);
    }

    public static byte[] encode(Map<String, String> labels) {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            for (var entry : labels.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Map<String, String> decode(byte[] bytes) {
        try {
            var labels = new LinkedHashMap<String, String>();
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            while (in.available() > 0) {
                labels.put(in.readUTF(), in.readUTF());
            }
            return labels;
        } catch (IOException e) {
            throw new UncheckedIOException("labels in the store are damaged", e);
        }
    }

    /** The values of encoded labels; none if the bytes are something else. */
    public static Collection<String> valuesIn(byte[] bytes) {
        try {
            return decode(bytes).values();
        } catch (UncheckedIOException e) {
            return List.of();
        }
    }
}
