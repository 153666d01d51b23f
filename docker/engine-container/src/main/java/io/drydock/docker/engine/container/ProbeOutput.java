package io.drydock.docker.engine.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The first 4 KiB of what a health probe writes, followed by dots if there was more. */
final class ProbeOutput implements ClientSession.Output {
    static final int LIMIT = 4096;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean more;

    @Override
    public synchronized void write(int stream, byte[] bytes, int length) {
        int taken = Math.min(length, LIMIT - kept.size());
        kept.write(bytes, 0, taken);
        more |= taken < length;
    }

    /** Puts the engine's own words in the place of the probe's. */
    synchronized void replace(String words) {
        kept.reset();
        kept.writeBytes(words.getBytes(StandardCharsets.UTF_8));
        more = false;
    }

    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8) + (more ? "..." : "");
    }
}
