package io.drydock.runc.runtime.keeper;

import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.runc.runtime.Exit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a keeper says about a process of its container; each message owns the descriptor it carries. */
public sealed interface KeeperMessage {
    int SIZE = 32;
    byte VERSION = 1;

    /** The process it is about: 0 is init. */
    int process();

    record Cloned(int process, int pid, Fd pidfd) implements KeeperMessage {}

    record Reached(int process, int point) implements KeeperMessage {}

    /** {@code step} is an index of the plan or -1; {@code detail} depends on the operation. */
    record Warning(int process, int step, int errno, int detail) implements KeeperMessage {}

    record Failed(int process, int step, int errno, int detail) implements KeeperMessage {}

    record Listener(int process, Fd fd) implements KeeperMessage {}

    record Running(int process, int pid) implements KeeperMessage {}

    record Exited(int process, Exit exit) implements KeeperMessage {}

    /** Answers a status request; {@code pidfd} while it lives. */
    record State(
            int process,
            int pid,
            Phase phase,
            ExitStatus status,
            @Nullable Fd pidfd) implements KeeperMessage {}

    record Lent(int process, Fd fd) implements KeeperMessage {}

    record Refused(int process, int errno) implements KeeperMessage {}

    /** The keeper is gone. */
    record Gone(int process) implements KeeperMessage {}

    /** Where a process is; the order is the wire's. */
    enum Phase {
        UNKNOWN,
        CREATING,
        CREATED,
        RUNNING,
        EXITED
    }

    /** Requests, with the wire's numbers. */
    enum Request {
        FORK(1),
        CREATE(2),
        EXEC(3),
        GO(4),
        STATUS(5),
        BORROW(6),
        RELEASE(7),
        QUIT(8),
        ADOPT(9);

        private final byte code;

        Request(int code) {
            this.code = (byte) code;
        }

        /** The packet; {@code a} as the protocol says. */
        public ByteBuffer packet(int process, int a) {
            return packet(process, a, 0);
        }

        /** The packet; {@code a} and {@code b} as the protocol says. */
        public ByteBuffer packet(int process, int a, int b) {
            ByteBuffer packet = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
            return packet.put(0, VERSION)
                    .put(1, code)
                    .putInt(4, process)
                    .putInt(8, a)
                    .putInt(12, b);
        }
    }

    /** Reads a packet; null for one of a newer keeper that this version does not know (its descriptors are closed). */
    static @Nullable KeeperMessage read(ByteBuffer packet, List<Fd> fds) {
        ByteBuffer in = packet.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int process = in.getInt(4);
        int a = in.getInt(8);
        int b = in.getInt(12);
        long c = in.getLong(16);
        Fd fd = fds.isEmpty() ? null : fds.getFirst();
        KeeperMessage message =
                switch (in.get(1)) {
                    case 16 -> fd == null ? null : new Cloned(process, a, fd);
                    case 17 -> new Reached(process, a);
                    case 18 -> new Warning(process, a, b, (int) c);
                    case 19 -> new Failed(process, a, b, (int) c);
                    case 21 -> fd == null ? null : new Listener(process, fd);
                    case 22 -> new Running(process, a);
                    case 23 ->
                        new Exited(
                                process,
                                new Exit(ExitStatus.ofWaitStatus(a), Instant.ofEpochSecond(c, in.getLong(24))));
                    case 24 -> new State(process, a, Phase.values()[b], ExitStatus.ofWaitStatus((int) c), fd);
                    case 25 -> fd == null ? null : new Lent(process, fd);
                    case 26 -> new Refused(process, a);
                    default -> null;
                };
        if (message == null) {
            fds.forEach(Fd::close);
        }
        return message;
    }

    /** Closes what a message carries, when nobody wants it. */
    default void discard() {
        switch (this) {
            case Cloned m -> m.pidfd.close();
            case Listener m -> m.fd.close();
            case Lent m -> m.fd.close();
            case State m -> {
                if (m.pidfd != null) {
                    m.pidfd.close();
                }
            }
            case Reached m -> {}
            case Warning m -> {}
            case Failed m -> {}
            case Running m -> {}
            case Exited m -> {}
            case Refused m -> {}
            case Gone m -> {}
        }
    }
}
