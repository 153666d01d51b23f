package io.drydock.docker.engine.container.spec;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.runtime.BlockIO;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Pids;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.ThrottleDevice;
import io.drydock.spec.oci.runtime.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From HostConfig's resources to those of the OCI spec. */
public final class ResourceLimits {
    private static final long PERIOD = 100_000;
    private static final long NANOS = 1_000_000_000;

    private final Linux linux;

    public ResourceLimits(Linux linux) {
        this.linux = linux;
    }

    /** The limits without device rules, as an update sends them. */
    public Resources of(HostConfig host) {
        return of(host, List.of());
    }

    Resources of(HostConfig host, List<DeviceRule> devices) {
        return new Resources(
                devices, memory(host), cpu(host), pids(host), blockIo(host), List.of(), null, Map.of(), Map.of());
    }

    private static @Nullable Memory memory(HostConfig host) {
        Long swappiness =
                host.memorySwappiness() == null || host.memorySwappiness() < 0 ? null : host.memorySwappiness();
        Boolean noKiller = Boolean.TRUE.equals(host.oomKillDisable()) ? Boolean.TRUE : null;
        if (host.memory() == 0
                && host.memoryReservation() == 0
                && host.memorySwap() == 0
                && swappiness == null
                && noKiller == null) {
            return null;
        }
        return new Memory(
                some(host.memory()),
                some(host.memoryReservation()),
                some(host.memorySwap()),
                null,
                null,
                swappiness,
                noKiller,
                null,
                null);
    }

    private static @Nullable Cpu cpu(HostConfig host) {
        long quota = host.nanoCpus() > 0 ? host.nanoCpus() * PERIOD / NANOS : host.cpuQuota();
        long period = host.nanoCpus() > 0 ? PERIOD : host.cpuPeriod();
        String cpus = host.cpusetCpus().isEmpty() ? null : host.cpusetCpus();
        String mems = host.cpusetMems().isEmpty() ? null : host.cpusetMems();
        if (host.cpuShares() == 0
                && quota == 0
                && period == 0
                && cpus == null
                && mems == null
                && host.cpuRealtimePeriod() == 0
                && host.cpuRealtimeRuntime() == 0) {
            return null;
        }
        return new Cpu(
                some(host.cpuShares()),
                some(quota),
                null,
                some(period),
                some(host.cpuRealtimeRuntime()),
                some(host.cpuRealtimePeriod()),
                cpus,
                mems,
                null);
    }

    private static @Nullable Pids pids(HostConfig host) {
        Long limit = host.pidsLimit();
        return limit == null || limit == 0 ? null : new Pids(limit < 0 ? -1 : limit);
    }

    private @Nullable BlockIO blockIo(HostConfig host) {
        var weights = new ArrayList<WeightDevice>();
        for (var device : host.blkioWeightDevice()) {
            long number = number(device.path());
            weights.add(new WeightDevice(Mode.major(number), Mode.minor(number), device.weight(), null));
        }
        var readBps = throttles(host.blkioDeviceReadBps());
        var writeBps = throttles(host.blkioDeviceWriteBps());
        var readOps = throttles(host.blkioDeviceReadIOps());
        var writeOps = throttles(host.blkioDeviceWriteIOps());
        if (host.blkioWeight() == 0
                && weights.isEmpty()
                && readBps.isEmpty()
                && writeBps.isEmpty()
                && readOps.isEmpty()
                && writeOps.isEmpty()) {
            return null;
        }
        Integer weight = host.blkioWeight() == 0 ? null : (Integer) host.blkioWeight();
        return new BlockIO(weight, null, weights, readBps, writeBps, readOps, writeOps);
    }

    private List<ThrottleDevice> throttles(List<io.drydock.spec.engine.ThrottleDevice> devices) {
        var throttles = new ArrayList<ThrottleDevice>();
        for (var device : devices) {
            long number = number(device.path());
            throttles.add(new ThrottleDevice(Mode.major(number), Mode.minor(number), device.rate()));
        }
        return throttles;
    }

    private long number(String path) {
        try {
            return linux.files().statat(Fd.CWD, path, 0).specialDevice();
        } catch (LinuxException e) {
            throw new EngineException(EngineException.Kind.INVALID, e.getMessage() == null ? path : e.getMessage(), e);
        }
    }

    private static @Nullable Long some(long value) {
        return value == 0 ? null : (Long) value;
    }
}
