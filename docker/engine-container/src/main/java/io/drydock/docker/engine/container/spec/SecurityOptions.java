package io.drydock.docker.engine.container.spec;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of {@code --security-opt}.
 *
 * @param noNewPrivileges whether programs may gain none
 * @param unconfined whether system calls are not filtered
 * @param seccompProfile a profile as JSON; null for the engine's own
 * @param systemPathsShown whether no path is masked or made read-only
 */
record SecurityOptions(
        boolean noNewPrivileges,
        boolean unconfined,
        @Nullable String seccompProfile,
        boolean systemPathsShown) {

    /** Reads the options; refuses what is unknown in the original's words, and what the kernel here lacks. */
    static SecurityOptions of(HostConfig host) {
        boolean noNewPrivileges = false;
        boolean unconfined = host.privileged();
        String profile = null;
        boolean shown = false;
        for (String option : host.securityOpt()) {
            int at = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
            String key = at < 0 ? option : option.substring(0, at);
            String value = at < 0 ? "" : option.substring(at + 1);
            switch (key) {
                case "no-new-privileges" -> noNewPrivileges = at < 0 || value.equals("true");
                case "seccomp" -> {
                    unconfined = value.equals("unconfined");
                    profile = unconfined || value.equals("builtin") ? null : value;
                }
                case "systempaths" -> {
                    if (!value.equals("unconfined")) {
                        throw invalid(option);
                    }
                    shown = true;
                }
                case "label" -> {
                    if (!value.equals("disable")) {
                        throw EngineException.notImplemented("SELinux labels are not supported by this engine");
                    }
                }
                case "apparmor" -> {
                    if (!value.equals("unconfined")) {
                        throw EngineException.notImplemented("AppArmor profiles are not supported by this engine");
                    }
                }
                default -> throw invalid(option);
            }
        }
        return new SecurityOptions(noNewPrivileges, unconfined, profile, shown);
    }

    private static EngineException invalid(String option) {
        return EngineException.invalid("invalid --security-opt 2: \"" + option + "\"");
    }
}
