package io.drydock.image.archive.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses a layer, as fast as gzip can: it is waited for. The same bytes always become the same bytes. */
public final class GzipWriter extends GZIPOutputStream {
    private static final int BUFFER = 256 * 1024;

    public GzipWriter(OutputStream out) throws IOException {
        super(out, BUFFER);
        def.setLevel(Deflater.BEST_SPEED);
    }
}
