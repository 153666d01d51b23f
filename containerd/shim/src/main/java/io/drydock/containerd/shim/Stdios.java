package io.drydock.containerd.shim;

import io.drydock.linux.Linux;
import java.io.IOException;

/** Opens the stdio of processes, with a terminal or without. */
final class Stdios {
    private final Linux linux;
    private final Terminals terminals;

    Stdios(Linux linux, Terminals terminals) {
        this.linux = linux;
        this.terminals = terminals;
    }

    /** Stdio for a process that is about to be made. */
    ProcessStdio open(StdioPaths paths, StdioOwner owner) throws IOException {
        return paths.terminal()
                ? TerminalStdio.open(terminals, paths, owner)
                : DirectStdio.open(linux, terminals.poller(), paths, owner);
    }

    /** The shim's part of the stdio of a process that an earlier shim made. */
    ProcessStdio adopt(StdioPaths paths, boolean stdinClosed) {
        return paths.terminal()
                ? TerminalStdio.adopt(terminals, paths, stdinClosed)
                : DirectStdio.adopt(linux, paths, stdinClosed);
    }
}
