package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.engine.RestartPolicy;

/** When a container is started again. */
enum RestartRule {
    NO,
    ALWAYS,
    UNLESS_STOPPED,
    ON_FAILURE;

    static RestartRule of(HostConfig host) {
        var policy = host.restartPolicy();
        return policy == null ? NO : of(policy.name());
    }

    private static RestartRule of(String name) {
        return switch (name) {
            case "", "no" -> NO;
            case "always" -> ALWAYS;
            case "unless-stopped" -> UNLESS_STOPPED;
            case "on-failure" -> ON_FAILURE;
            default ->
                throw EngineException.invalid("invalid restart policy: unknown policy '" + name
                                + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'")
                        .olderWords("invalid restart policy '" + name + "'");
        };
    }

    /** Refuses what makes no sense, in the original's words. */
    static void check(HostConfig host) {
        RestartPolicy policy = host.restartPolicy();
        var rule = of(host);
        if (policy != null && policy.maximumRetryCount() != 0 && rule != ON_FAILURE) {
            throw EngineException.invalid(
                            "invalid restart policy: maximum retry count can only be used with 'on-failure'"
                                    + (policy.maximumRetryCount() < 0 ? " and cannot be negative" : ""))
                    .olderWords("maximum retry count cannot be used with restart policy '" + policy.name() + "'");
        }
        if (policy != null && policy.maximumRetryCount() < 0) {
            throw EngineException.invalid("invalid restart policy: maximum retry count cannot be negative");
        }
        if (rule != NO && host.autoRemove()) {
            throw EngineException.invalid("can't create 'AutoRemove' container with restart policy");
        }
    }

    /**
     * Whether a run that has ended is followed by another.
     *
     * @param stoppedByHand whether a user ended it
     * @param restarts how often it was started again already
     */
    static boolean again(HostConfig host, int exitCode, boolean stoppedByHand, int restarts) {
        if (stoppedByHand) {
            return false;
        }
        return switch (of(host)) {
            case NO -> false;
            case ALWAYS, UNLESS_STOPPED -> true;
            case ON_FAILURE -> {
                int most =
                        host.restartPolicy() == null ? 0 : host.restartPolicy().maximumRetryCount();
                yield exitCode != 0 && (most == 0 || restarts < most);
            }
        };
    }

    /** Whether a container that does not run is started when the engine starts. */
    static boolean atBoot(HostConfig host, boolean everStarted, boolean stoppedByHand, int exitCode) {
        return switch (of(host)) {
            case NO -> false;
            case ALWAYS -> everStarted;
            case UNLESS_STOPPED -> everStarted && !stoppedByHand;
            case ON_FAILURE -> everStarted && !stoppedByHand && exitCode != 0;
        };
    }
}
