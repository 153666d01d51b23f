package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Terminals, by ioctl. */
final class NativeTerminals implements TerminalCalls {
    private static final int TCGETS = 0x5401;
    private static final int TCSETSW = 0x5403;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTPEER = 0x5441;

    @Override
    public boolean isTerminal(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment t = arena.allocate(64, 4);
            return Sys.raw(Nr.IOCTL, fd.number(), TCGETS, t.address(), 0, 0, 0) >= 0;
        }
    }

    @Override
    public WindowSize windowSize(Fd terminal) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 2);
            ioctl("TIOCGWINSZ", terminal, TIOCGWINSZ, size.address());
            return new WindowSize(
                    Short.toUnsignedInt(size.get(JAVA_SHORT, 0)), Short.toUnsignedInt(size.get(JAVA_SHORT, 2)));
        }
    }

    @Override
    public void setWindowSize(Fd terminal, WindowSize size) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(8, 2);
            s.set(JAVA_SHORT, 0, (short) size.rows());
            s.set(JAVA_SHORT, 2, (short) size.columns());
            ioctl("TIOCSWINSZ", terminal, TIOCSWINSZ, s.address());
        }
    }

    @Override
    public Termios attributes(Fd terminal) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment t = arena.allocate(64, 4);
            ioctl("TCGETS", terminal, TCGETS, t.address());
            return new Termios(
                    t.get(JAVA_INT, 0),
                    t.get(JAVA_INT, 4),
                    t.get(JAVA_INT, 8),
                    t.get(JAVA_INT, 12),
                    t.get(JAVA_BYTE, 16),
                    t.asSlice(17, 19).toArray(JAVA_BYTE));
        }
    }

    @Override
    public void setAttributes(Fd terminal, Termios termios) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment t = arena.allocate(64, 4);
            t.set(JAVA_INT, 0, termios.input());
            t.set(JAVA_INT, 4, termios.output());
            t.set(JAVA_INT, 8, termios.control());
            t.set(JAVA_INT, 12, termios.local());
            t.set(JAVA_BYTE, 16, termios.line());
            MemorySegment.copy(termios.characters(), 0, t, JAVA_BYTE, 17, 19);
            ioctl("TCSETSW", terminal, TCSETSW, t.address());
        }
    }

    @Override
    public Pty openPty() throws LinuxException {
        Fd master = new NativeFiles().open("/dev/ptmx", O.RDWR | O.NOCTTY);
        try (Arena arena = Arena.ofConfined()) {
            ioctl("TIOCSPTLCK", master, TIOCSPTLCK, arena.allocate(4, 4).address());
            int flags = O.RDWR | O.NOCTTY | O.CLOEXEC;
            Fd slave = Sys.fd("ioctl TIOCGPTPEER", null, Nr.IOCTL, master.number(), TIOCGPTPEER, flags);
            return new Pty(master, slave);
        } catch (LinuxException e) {
            master.close();
            throw e;
        }
    }

    private static void ioctl(String name, Fd fd, long request, long argument) throws LinuxException {
        Sys.call("ioctl " + name, null, Nr.IOCTL, fd.number(), request, argument);
    }
}
