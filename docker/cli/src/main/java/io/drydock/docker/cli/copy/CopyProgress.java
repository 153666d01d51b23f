package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.session.Cli;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How much was copied: on a terminal while it goes on, and at the end. Quiet ones print nothing. */
final class CopyProgress implements AutoCloseable {
    private static final String CLEAR_LINE = "\u001b[u\u001b[2K";
    private static final int MILLISECONDS_BETWEEN = 75;

    private final Cli cli;
    private final boolean quiet;
    private final boolean live;
    private final String header;
    private final AtomicLong total = new AtomicLong();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread painter;

    /** {@code header} stands before the size: {@code Copying to container - }. */
    CopyProgress(Cli cli, boolean quiet, String header) {
        this.cli = cli;
        this.quiet = quiet;
        this.live = !quiet && cli.streams().errTerminal();
        this.header = header;
        this.painter = Thread.ofPlatform().daemon().name("progress").unstarted(this::paint);
        if (live) {
            show("\u001b[sPreparing to copy...");
            painter.start();
        }
    }

    InputStream count(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = in.read(b, off, len);
                total.addAndGet(Math.max(n, 0));
                return n;
            }
        };
    }

    OutputStream count(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                out.write(b, off, len);
                total.addAndGet(len);
            }
        };
    }

    private void show(String text) {
        PrintStream err = cli.streams().err();
        err.print(text);
        err.flush();
    }

    private void paint() {
        show("\u001b[?25l" + CLEAR_LINE + header + Units.size(0));
        long last = 0;
        try {
            while (!finished.await(MILLISECONDS_BETWEEN, TimeUnit.MILLISECONDS)) {
                long now = total.get();
                if (now != last) {
                    show("\u001b[" + (header.length() + 1) + "G\u001b[0K" + Units.size(now));
                    last = now;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        show("\u001b[?25h");
    }

    /** Says what was copied where. */
    void done(String destination) {
        end();
        if (!quiet) {
            show("Successfully copied " + Units.size(total.get()) + " to " + destination + "\n");
        }
    }

    private void end() {
        if (live && finished.getCount() > 0) {
            finished.countDown();
            try {
                painter.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            show(CLEAR_LINE);
        }
    }

    @Override
    public void close() {
        end();
    }
}
