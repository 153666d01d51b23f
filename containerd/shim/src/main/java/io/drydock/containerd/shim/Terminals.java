package io.drydock.containerd.shim;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import java.nio.ByteBuffer;

/**
 * Makes the copies between terminals and FIFOs; all of them share one poller thread and, since they run in turn, one
 * buffer.
 */
final class Terminals {
    private static final int BUFFER = 32 << 10;

    private final Linux linux;
    private final Poller poller;
    private final ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER);

    Terminals(Linux linux, Poller poller) {
        this.linux = linux;
        this.poller = poller;
    }

    Linux linux() {
        return linux;
    }

    Poller poller() {
        return poller;
    }

    TerminalCopy copy(Fd from, Fd to) {
        return new TerminalCopy(linux, poller, shared, from, to);
    }
}
