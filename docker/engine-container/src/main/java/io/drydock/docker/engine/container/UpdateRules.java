package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;

/** What an update may not make of a container, in the original's words. */
final class UpdateRules {
    private UpdateRules() {}

    static void check(String id, HostConfig old, HostConfig changed) {
        boolean cpus = changed.nanoCpus() != old.nanoCpus();
        boolean quota = changed.cpuQuota() != old.cpuQuota();
        boolean period = changed.cpuPeriod() != old.cpuPeriod();
        refuse(
                id,
                cpus && old.cpuPeriod() > 0,
                "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
        refuse(
                id,
                cpus && old.cpuQuota() > 0,
                "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set");
        refuse(
                id,
                quota && old.nanoCpus() > 0,
                "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
        refuse(
                id,
                period && old.nanoCpus() > 0,
                "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        boolean sameSwap = changed.memorySwap() == old.memorySwap();
        refuse(
                id,
                sameSwap && changed.memorySwap() > 0 && changed.memory() > changed.memorySwap(),
                "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        refuse(
                id,
                !sameSwap && changed.memorySwap() > 0 && changed.memory() > changed.memorySwap(),
                "Minimum memoryswap limit should be larger than memory limit, see usage");
        refuse(
                id,
                changed.autoRemove() && RestartRule.of(changed) != RestartRule.NO,
                "Restart policy cannot be updated because AutoRemove is enabled for the container");
    }

    private static void refuse(String id, boolean conflict, String words) {
        if (conflict) {
            throw EngineException.conflict("Cannot update container " + id + ": " + words);
        }
    }
}
