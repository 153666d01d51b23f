package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;

/** What the original can do for a container and this engine cannot yet: refused, never ignored. */
final class Unsupported {
    private Unsupported() {}

    static void refuse(HostConfig host) {
        refuse(!host.deviceRequests().isEmpty(), "device requests (--gpus)");
        if (!host.storageOpt().isEmpty()) {
            throw EngineException.invalid(
                    "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
        }
        refuse(!host.cgroup().isEmpty(), "joining a control group");
        refuse(!host.isolation().isEmpty() && !host.isolation().equals("default"), "isolation " + host.isolation());
        refuse(
                host.cpuCount() != 0
                        || host.cpuPercent() != 0
                        || host.ioMaximumIOps() != 0
                        || host.ioMaximumBandwidth() != 0,
                "a limit that only Windows has");
        if (!host.usernsMode().isEmpty() && !host.usernsMode().equals("host")) {
            throw EngineException.invalid("invalid userns mode: " + host.usernsMode());
        }
    }

    private static void refuse(boolean asked, String what) {
        if (asked) {
            throw EngineException.notImplemented(what + " is not built into this engine yet");
        }
    }
}
