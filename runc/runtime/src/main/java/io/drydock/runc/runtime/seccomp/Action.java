package io.drydock.runc.runtime.seccomp;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/** What a filter answers. */
final class Action {
    static final int KILL_THREAD = 0;
    static final int ALLOW = 0x7fff0000;
    static final int LOG = 0x7ffc0000;
    static final int NOTIFY = 0x7fc00000;
    static final int ERRNO = 0x00050000;
    static final int TRACE = 0x7ff00000;
    private static final int EPERM = 1;

    private Action() {}

    static int of(String word, @Nullable Integer errno) throws InvalidSpecException {
        boolean takesErrno = word.equals("SCMP_ACT_ERRNO") || word.equals("SCMP_ACT_TRACE");
        if (errno != null && !takesErrno) {
            throw new InvalidSpecException("errno is not allowed with seccomp action " + word);
        }
        int data = errno == null ? EPERM : errno & 0xffff;
        return switch (word) {
            case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> KILL_THREAD;
            case "SCMP_ACT_KILL_PROCESS" -> 0x80000000;
            case "SCMP_ACT_TRAP" -> 0x00030000;
            case "SCMP_ACT_ERRNO" -> ERRNO | data;
            case "SCMP_ACT_TRACE" -> TRACE | data;
            case "SCMP_ACT_ALLOW" -> ALLOW;
            case "SCMP_ACT_LOG" -> LOG;
            case "SCMP_ACT_NOTIFY" -> NOTIFY;
            default -> throw new InvalidSpecException("string " + word + " is not a valid action for seccomp");
        };
    }

    /** Whether a number that no rule names, and that is newer than all of them, should look as if it did not exist. */
    static boolean hidesNewSyscalls(int defaultAction) {
        int kind = defaultAction & 0xffff0000;
        return kind != ALLOW && kind != LOG && kind != TRACE;
    }
}
