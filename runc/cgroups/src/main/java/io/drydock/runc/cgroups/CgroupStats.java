package io.drydock.runc.cgroups;

import java.util.List;
import java.util.Map;

/**
 * What a container's groups count, in the units of version 1's files whatever the version is.
 *
 * @param memory bytes
 */
public record CgroupStats(Cpu cpu, Memory memory, Pids pids, List<Io> ioBytes, List<Io> ioOperations) {
    public CgroupStats {
        ioBytes = List.copyOf(ioBytes);
        ioOperations = List.copyOf(ioOperations);
    }

    /** Times in nanoseconds; {@code perCpu} is empty where the kernel does not tell. */
    public record Cpu(
            long total,
            long user,
            long kernel,
            List<Long> perCpu,
            long periods,
            long throttledPeriods,
            long throttledTime) {
        public Cpu {
            perCpu = List.copyOf(perCpu);
        }
    }

    /**
     * Bytes; a limit of {@link Long#MAX_VALUE} is none.
     *
     * @param swap of version 1: memory and swap together; of version 2: swap alone
     * @param stat {@code memory.stat}
     * @param oomKills processes killed for want of memory
     */
    public record Memory(Usage usage, Usage swap, Map<String, Long> stat, long oomKills) {
        public Memory {
            stat = Map.copyOf(stat);
        }
    }

    /** Bytes now, at most so far, and allowed; and how often the limit was hit. */
    public record Usage(long now, long max, long limit, long failures) {}

    /** A limit of 0 is none. */
    public record Pids(long current, long limit) {}

    /** {@code operation}: {@code Read}, {@code Write} and so on. */
    public record Io(long major, long minor, String operation, long value) {}
}
