package io.drydock.runc.runtime.plan;

import io.drydock.spec.oci.runtime.Scheduler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** {@code struct sched_attr} of a spec's scheduler. */
final class SchedulerAttributes {
    private static final int SIZE = 48;

    private SchedulerAttributes() {}

    static byte[] encode(Scheduler scheduler) throws InvalidSpecException {
        ByteBuffer attr = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        attr.putInt(SIZE).putInt(policy(scheduler.policy()));
        long flags = 0;
        for (String flag : scheduler.flags()) {
            flags |= flag(flag);
        }
        attr.putLong(flags).putInt(orZero(scheduler.nice())).putInt(orZero(scheduler.priority()));
        attr.putLong(orZero(scheduler.runtime()))
                .putLong(orZero(scheduler.deadline()))
                .putLong(orZero(scheduler.period()));
        return attr.array();
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static int policy(String policy) throws InvalidSpecException {
        return switch (policy) {
            case "SCHED_OTHER" -> 0;
            case "SCHED_FIFO" -> 1;
            case "SCHED_RR" -> 2;
            case "SCHED_BATCH" -> 3;
            case "SCHED_ISO" -> 4;
            case "SCHED_IDLE" -> 5;
            case "SCHED_DEADLINE" -> 6;
            default -> throw new InvalidSpecException("invalid scheduler policy: " + policy);
        };
    }

    private static long flag(String flag) throws InvalidSpecException {
        return switch (flag) {
            case "SCHED_FLAG_RESET_ON_FORK" -> 1;
            case "SCHED_FLAG_RECLAIM" -> 2;
            case "SCHED_FLAG_DL_OVERRUN" -> 4;
            case "SCHED_FLAG_KEEP_POLICY" -> 8;
            case "SCHED_FLAG_KEEP_PARAMS" -> 16;
            case "SCHED_FLAG_UTIL_CLAMP_MIN" -> 32;
            case "SCHED_FLAG_UTIL_CLAMP_MAX" -> 64;
            default -> throw new InvalidSpecException("invalid scheduler flag: " + flag);
        };
    }
}
