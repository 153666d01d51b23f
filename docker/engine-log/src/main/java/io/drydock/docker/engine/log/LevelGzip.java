package io.drydock.docker.engine.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip of a chosen level. */
final class LevelGzip extends GZIPOutputStream {
    /**
     * @param level 0 to 9, or -1 for the usual one
     */
    LevelGzip(OutputStream out, int level) throws IOException {
        super(out);
        def.setLevel(level);
    }

    static byte[] pack(byte[] bytes, int level) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new LevelGzip(packed, level)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
