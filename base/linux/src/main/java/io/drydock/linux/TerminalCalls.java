package io.drydock.linux;

/** Terminals. */
public interface TerminalCalls {
    /** Rows and columns of characters. */
    record WindowSize(int rows, int columns) {}

    /** A terminal's settings; opaque but for {@link #raw()}. */
    record Termios(int input, int output, int control, int local, byte line, byte[] characters) {
        /** The settings {@code cfmakeraw(3)} makes of these. */
        public Termios raw() {
            byte[] c = characters.clone();
            c[5] = 0;
            c[6] = 1;
            return new Termios(input & ~02753, output & ~1, control & ~0460 | 060, local & ~0100113, line, c);
        }

        /** A newline stays one on output; {@code ONLCR} is off. */
        public Termios withoutLineEnds() {
            return new Termios(input, output & ~4, control, local, line, characters);
        }

        /** Whether newline becomes carriage return and newline on output, as a fresh terminal does. */
        public Termios withOutputProcessing(boolean on) {
            return new Termios(input, on ? output | 5 : output & ~1, control, local, line, characters);
        }
    }

    /** Both ends of a new pseudo-terminal; the slave is opened through the master, not by a path. */
    record Pty(Fd master, Fd slave) {}

    boolean isTerminal(Fd fd);

    WindowSize windowSize(Fd terminal) throws LinuxException;

    void setWindowSize(Fd terminal, WindowSize size) throws LinuxException;

    Termios attributes(Fd terminal) throws LinuxException;

    void setAttributes(Fd terminal, Termios termios) throws LinuxException;

    Pty openPty() throws LinuxException;
}
