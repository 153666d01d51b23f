package io.drydock.docker.cli.session;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.TerminalCalls;
import java.io.IOException;

/**
 * The terminal on standard input in raw mode, until closed. Loading this class costs what the foreign-function interface
 * costs: touch it only where there is a terminal.
 */
public final class Terminal implements AutoCloseable {
    private static final Fd STDIN = Fd.borrowed(0);
    private static final Fd STDOUT = Fd.borrowed(1);

    private final TerminalCalls calls;
    private final TerminalCalls.Termios before;
    private boolean restored;

    private Terminal(TerminalCalls calls, TerminalCalls.Termios before) {
        this.calls = calls;
        this.before = before;
    }

    /** Makes the terminal raw. */
    public static Terminal raw() throws IOException {
        TerminalCalls calls = Linux.system().terminals();
        try {
            var before = calls.attributes(STDIN);
            calls.setAttributes(STDIN, before.raw());
            var terminal = new Terminal(calls, before);
            return terminal;
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Rows and columns of the terminal on standard output; zeros if there is none. */
    public static int[] size() {
        try {
            var size = Linux.system().terminals().windowSize(STDOUT);
            return new int[] {size.rows(), size.columns()};
        } catch (LinuxException e) {
            return new int[] {0, 0};
        }
    }

    /** Columns of the terminal on standard input; 0 if it does not know, 80 if there is none. */
    public static int columns() {
        try {
            return Linux.system().terminals().windowSize(STDIN).columns();
        } catch (LinuxException e) {
            return 80;
        }
    }

    /** Sets echo of what is typed, as for a password. */
    public static void echo(boolean on) throws IOException {
        TerminalCalls calls = Linux.system().terminals();
        try {
            var now = calls.attributes(STDIN);
            int local = on ? now.local() | 010 : now.local() & ~010;
            calls.setAttributes(
                    STDIN,
                    new TerminalCalls.Termios(
                            now.input(), now.output(), now.control(), local, now.line(), now.characters()));
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Puts the terminal back as it was. */
    @Override
    public synchronized void close() throws IOException {
        if (restored) {
            return;
        }
        restored = true;
        try {
            calls.setAttributes(STDIN, before);
        } catch (LinuxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
