package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Limits that change while a container runs. Some count only together (memory with swap, quota with period), so those that
 * were set last are kept in {@code resources.json} beside the state.
 */
final class LiveResources {
    private static final String FILE = "resources.json";
    private static final Memory NO_MEMORY = new Memory(null, null, null, null, null, null, null, null, null);
    private static final Cpu NO_CPU = new Cpu(null, null, null, null, null, null, null, null, null);
    private static final Resources NONE =
            new Resources(List.of(), null, null, null, null, List.of(), null, Map.of(), Map.of());

    private final StateDirectory directory;
    private final Spec spec;

    LiveResources(StateDirectory directory, Spec spec) {
        this.directory = directory;
        this.spec = spec;
    }

    /** Sets what is given. Where that fails, what counted before is set again. */
    void update(Cgroup cgroup, Resources given) throws IOException {
        Resources before = current();
        Resources after = merged(before, given);
        try {
            cgroup.apply(after, false);
        } catch (IOException e) {
            try {
                cgroup.apply(before, false);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        directory.write(FILE, OciJson.write(Resources.class, remembered(before, after)));
    }

    private Resources current() throws IOException {
        try {
            return OciJson.read(Resources.class, directory.read(FILE));
        } catch (NoSuchFileException e) {
            Resources first = spec.linux() == null ? null : spec.linux().resources();
            return first == null ? NONE : first;
        }
    }

    private static Resources merged(Resources before, Resources given) {
        return new Resources(
                List.of(),
                given.memory() == null
                        ? null
                        : memory(Objects.requireNonNullElse(before.memory(), NO_MEMORY), given.memory()),
                given.cpu() == null ? null : cpu(Objects.requireNonNullElse(before.cpu(), NO_CPU), given.cpu()),
                given.pids(),
                given.blockIO(),
                given.hugepageLimits(),
                given.network(),
                given.rdma(),
                given.unified());
    }

    private static Memory memory(Memory before, Memory given) {
        // without a limit, a limit of memory and swap means nothing any more
        boolean unlimited = Long.valueOf(-1).equals(given.limit()) && given.swap() == null;
        return new Memory(
                or(given.limit(), before.limit()),
                or(given.reservation(), before.reservation()),
                unlimited ? null : or(given.swap(), before.swap()),
                null,
                null,
                given.swappiness(),
                given.disableOOMKiller(),
                given.useHierarchy(),
                given.checkBeforeUpdate());
    }

    private static Cpu cpu(Cpu before, Cpu given) {
        boolean period = isSet(given.period());
        boolean quota = isSet(given.quota());
        // a weight and "only when idle" exclude each other
        return new Cpu(
                given.shares(),
                period && !quota ? or(given.quota(), before.quota()) : given.quota(),
                given.burst(),
                quota && !period ? or(given.period(), before.period()) : given.period(),
                given.realtimeRuntime(),
                given.realtimePeriod(),
                given.cpus(),
                given.mems(),
                given.idle());
    }

    private static boolean isSet(@Nullable Long value) {
        return value != null && value != 0;
    }

    private static Resources remembered(Resources before, Resources after) {
        return new Resources(
                List.of(),
                after.memory() == null ? before.memory() : after.memory(),
                after.cpu() == null
                        ? before.cpu()
                        : quotas(Objects.requireNonNullElse(before.cpu(), NO_CPU), after.cpu()),
                null,
                null,
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    private static Cpu quotas(Cpu before, Cpu after) {
        Long quota = or(after.quota(), before.quota());
        return new Cpu(null, quota, null, or(after.period(), before.period()), null, null, null, null, null);
    }

    private static <T> @Nullable T or(@Nullable T value, @Nullable T otherwise) {
        return value == null ? otherwise : value;
    }
}
