package io.drydock.containerd.server.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many downloads of one transfer run at once. A download has its slot until its stream is closed. */
final class DownloadSlots {
    private final Semaphore free;

    /**
     * @param most 0 for any number
     */
    DownloadSlots(int most) {
        this.free = new Semaphore(most == 0 ? Integer.MAX_VALUE : most);
    }

    /** Opens a download. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /** Waits for a slot; the caller closes the stream. */
    InputStream open(Opening opening) throws IOException {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("pull cancelled");
        }
        var taken = new AtomicBoolean(true);
        try {
            return new FilterInputStream(opening.open()) {
                @Override
                public void close() throws IOException {
                    try {
                        super.close();
                    } finally {
                        release(taken);
                    }
                }
            };
        } catch (IOException | RuntimeException e) {
            release(taken);
            throw e;
        }
    }

    private void release(AtomicBoolean taken) {
        if (taken.getAndSet(false)) {
            free.release();
        }
    }
}
