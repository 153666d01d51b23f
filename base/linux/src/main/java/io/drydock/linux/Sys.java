package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The one way into the kernel and into glibc: a function of seven machine words. One downcall shape serves {@code syscall(2)}
 * and every other function, so only the first call of a process pays for linking (tens of milliseconds in a cold JVM);
 * functions with fewer parameters do not look at the other words.
 */
final class Sys {
    private static final long ERRNO_SIZE = Linker.Option.captureStateLayout().byteSize();

    private Sys() {}

    /** Bound when first used. */
    private static final class Downcall {
        static final MethodHandle WORDS = link();
        static final MemorySegment SYSCALL = function("syscall");

        private static MethodHandle link() {
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            return Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                            Linker.Option.captureCallState("errno"));
        }
    }

    /** A function of glibc for {@link #call(MemorySegment, long, long, long, long, long, long)}. */
    static MemorySegment function(String name) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(name);
    }

    /** Calls a function that answers an int and does not set errno. */
    static int call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_SIZE, 4);
            return (int) (long) Downcall.WORDS.invokeExact(function, state, a, b, c, d, e, f, 0L);
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    /** The kernel's answer, or minus the error number. EINTR is retried. */
    static long raw(int nr, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_SIZE, 4);
            while (true) {
                long r = (long) Downcall.WORDS.invokeExact(Downcall.SYSCALL, state, (long) nr, a, b, c, d, e, f);
                if (r != -1) {
                    return r;
                }
                int errno = state.get(ValueLayout.JAVA_INT, 0);
                if (errno != Errno.EINTR) {
                    return -errno;
                }
            }
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    static RuntimeException propagate(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException("downcall", t);
        };
    }

    static long call(String op, @Nullable String path, int nr, long... args) throws LinuxException {
        long r = raw(nr, at(args, 0), at(args, 1), at(args, 2), at(args, 3), at(args, 4), at(args, 5));
        if (r < 0) {
            throw new LinuxException(op, path, (int) -r);
        }
        return r;
    }

    private static long at(long[] args, int i) {
        return i < args.length ? args[i] : 0;
    }

    static Fd fd(String op, @Nullable String path, int nr, long... args) throws LinuxException {
        return Fd.owning((int) call(op, path, nr, args));
    }

    /** Never retried: after EINTR Linux has closed the descriptor all the same. */
    static void close(int number) {
        raw(Nr.CLOSE, number, 0, 0, 0, 0, 0);
    }

    /** A NUL-terminated UTF-8 copy of a string, or 0 for null. */
    static long string(Arena arena, @Nullable String s) throws LinuxException {
        if (s == null) {
            return 0;
        }
        if (s.indexOf('\0') >= 0) {
            throw new LinuxException("path", s.replace('\0', '?'), Errno.EINVAL);
        }
        byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
        MemorySegment copy = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.address();
    }

    static long bytes(Arena arena, byte[] bytes) {
        MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.address();
    }

    /** Something that fills or drains native memory and answers how many bytes it moved. */
    interface Transfer {
        long apply(long address, long length) throws LinuxException;
    }

    /** Fills a buffer from the kernel and advances its position. Direct buffers are used in place, others are copied. */
    static int fill(ByteBuffer target, Transfer transfer) throws LinuxException {
        int n;
        if (target.isDirect()) {
            n = (int) transfer.apply(MemorySegment.ofBuffer(target).address(), target.remaining());
            target.position(target.position() + n);
            return n;
        }
        try (Arena arena = Arena.ofConfined()) {
            int length = Math.min(target.remaining(), 1 << 16);
            MemorySegment copy = arena.allocate(Math.max(1, length));
            n = (int) transfer.apply(copy.address(), length);
            target.put(copy.asSlice(0, n).asByteBuffer());
            return n;
        }
    }

    /** Drains a buffer into the kernel and advances its position by what was taken. */
    static int drain(ByteBuffer source, Transfer transfer) throws LinuxException {
        int n;
        if (source.isDirect()) {
            n = (int) transfer.apply(MemorySegment.ofBuffer(source).address(), source.remaining());
        } else {
            try (Arena arena = Arena.ofConfined()) {
                int length = source.remaining();
                MemorySegment copy = arena.allocate(Math.max(1, length));
                copy.asByteBuffer().put(source.duplicate());
                n = (int) transfer.apply(copy.address(), length);
            }
        }
        source.position(source.position() + n);
        return n;
    }
}
