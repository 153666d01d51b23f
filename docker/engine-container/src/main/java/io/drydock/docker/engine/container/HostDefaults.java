package io.drydock.docker.engine.container;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.log.LogDriver;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container's host part with the engine's defaults filled in, and checked.
 *
 * @param runtime {@code --default-runtime}
 * @param logDriver {@code --log-driver}
 * @param logOptions {@code --log-opt}
 * @param shmSize {@code --default-shm-size} in bytes
 * @param init {@code --init}
 * @param swapLimits whether the kernel can limit swap
 * @param ipcMode {@code --default-ipc-mode}
 * @param cgroupNamespace {@code --default-cgroupns-mode}: {@code private} or {@code host}
 */
public record HostDefaults(
        String runtime,
        String logDriver,
        Map<String, String> logOptions,
        long shmSize,
        boolean init,
        boolean swapLimits,
        String ipcMode,
        String cgroupNamespace) {
    private static final JsonType<HostConfig> TYPE = Jsonb.instance().type(HostConfig.class);
    private static final long MINIMUM_MEMORY = 6L << 20;

    /** A checked host part and what the user should be told of it. */
    record Checked(HostConfig host, List<String> warnings) {}

    Checked complete(@Nullable HostConfig wish) {
        var host = wish == null ? TYPE.fromJson("{}") : wish;
        var warnings = new ArrayList<String>();
        check(host, warnings);
        var changes = new LinkedHashMap<String, Object>();
        if (host.networkMode().isEmpty() || host.networkMode().equals("default")) {
            changes.put("NetworkMode", "bridge");
        }
        if (host.ipcMode().isEmpty()) {
            changes.put("IpcMode", ipcMode);
        }
        if (host.cgroupnsMode().isEmpty()) {
            changes.put("CgroupnsMode", cgroupNamespace);
        }
        if (host.shmSize() == 0) {
            changes.put("ShmSize", shmSize);
        }
        if (host.runtime().isEmpty()) {
            changes.put("Runtime", runtime);
        }
        if (host.restartPolicy() == null || host.restartPolicy().name().isEmpty()) {
            changes.put("RestartPolicy", Map.of("Name", "no", "MaximumRetryCount", 0));
        }
        if (host.logConfig() == null || host.logConfig().type().isEmpty()) {
            var options = new LinkedHashMap<>(logOptions);
            if (host.logConfig() != null) {
                options.putAll(host.logConfig().config());
            }
            changes.put("LogConfig", Map.of("Type", logDriver, "Config", options));
        }
        if (host.maskedPaths() == null && !host.privileged()) {
            changes.put("MaskedPaths", SpecFactory.defaultMaskedPaths());
        }
        if (host.readonlyPaths() == null && !host.privileged()) {
            changes.put("ReadonlyPaths", SpecFactory.defaultReadonlyPaths());
        }
        if (init && host.init() == null) {
            changes.put("Init", true);
        }
        if (host.securityOpt().isEmpty()
                && (host.privileged()
                        || host.pidMode().equals("host")
                        || host.ipcMode().equals("host"))) {
            changes.put("SecurityOpt", List.of("label=disable"));
        }
        if (host.pidsLimit() != null && host.pidsLimit() < 0) {
            changes.put("PidsLimit", 0);
        }
        changes.putAll(HostRules.blockWeights(host, warnings));
        changes.putAll(swap(host, warnings));
        var complete = with(host, changes);
        var log = Objects.requireNonNull(complete.logConfig());
        LogDriver.check(log.type(), log.config());
        return new Checked(complete, warnings);
    }

    private Map<String, Object> swap(HostConfig host, List<String> warnings) {
        if (host.memory() <= 0) {
            return Map.of();
        }
        if (!swapLimits) {
            if (host.memorySwap() != 0 && host.memorySwap() != -1) {
                warnings.add(
                        "Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory "
                                + "limited without swap.");
            }
            return Map.of("MemorySwap", -1);
        }
        return host.memorySwap() == 0 ? Map.of("MemorySwap", host.memory() * 2) : Map.of();
    }

    /** A host part that says nothing. */
    static HostConfig empty() {
        return TYPE.fromJson("{}");
    }

    /** The same with some members replaced, named as in the API. */
    static HostConfig with(HostConfig host, Map<String, Object> changes) {
        @SuppressWarnings("unchecked")
        var map = (Map<String, Object>) Jsonb.instance().type(Object.class).fromJson(TYPE.toJson(host));
        var all = new LinkedHashMap<>(map);
        all.putAll(changes);
        try {
            return TYPE.fromJson(Jsonb.instance().toJson(all));
        } catch (io.avaje.json.JsonException e) {
            throw EngineException.invalid("invalid JSON: " + e.getMessage());
        }
    }

    static void check(HostConfig host, List<String> warnings) {
        RestartRule.check(host);
        SpecFactory.check(host);
        if (host.memory() != 0 && host.memory() < MINIMUM_MEMORY) {
            throw EngineException.invalid("Minimum memory limit allowed is 6MB");
        }
        if (host.memory() > 0 && host.memorySwap() > 0 && host.memorySwap() < host.memory()) {
            throw EngineException.invalid("Minimum memoryswap limit should be larger than memory limit, see usage");
        }
        if (host.memory() == 0 && host.memorySwap() > 0) {
            throw EngineException.invalid(
                    "You should always set the Memory limit when using Memoryswap limit, see usage");
        }
        if (host.memoryReservation() > 0 && host.memory() > 0 && host.memory() < host.memoryReservation()) {
            throw EngineException.invalid(
                    "Minimum memory limit can not be less than memory reservation limit, see usage");
        }
        if (host.nanoCpus() > 0 && (host.cpuQuota() > 0 || host.cpuPeriod() > 0)) {
            throw EngineException.invalid("Conflicting options: Nano CPUs and CPU "
                    + (host.cpuPeriod() > 0 ? "Period" : "Quota") + " cannot both be set");
        }
        int cpus = java.lang.Runtime.getRuntime().availableProcessors();
        if (host.nanoCpus() < 0 || host.nanoCpus() > cpus * 1_000_000_000L) {
            throw EngineException.invalid(
                    "range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available".formatted(cpus, cpus));
        }
        if (host.cpuQuota() > 0 && host.cpuQuota() < 1000) {
            throw EngineException.invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        }
        if (host.cpuPeriod() != 0 && (host.cpuPeriod() < 1000 || host.cpuPeriod() > 1_000_000)) {
            throw EngineException.invalid(
                    "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. " + "1000000)");
        }
        if (host.oomScoreAdj() < -1000 || host.oomScoreAdj() > 1000) {
            throw EngineException.invalid(
                    "Invalid value " + host.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
        }
        if (host.shmSize() < 0) {
            throw EngineException.invalid("SHM size can not be less than 0");
        }
        HostRules.check(host);
        Unsupported.refuse(host);
        Networking.ports(host);
        if (host.portBindings().size() > 0 && host.networkMode().equals("host")) {
            warnings.add("Published ports are discarded when using host network mode");
        }
    }
}
