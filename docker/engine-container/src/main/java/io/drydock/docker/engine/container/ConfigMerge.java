package io.drydock.docker.engine.container;

import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HealthConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container's config completed by its image's defaults, as the original merges them. */
final class ConfigMerge {
    private ConfigMerge() {}

    /**
     * @param hostname for a container that asked for none
     * @throws EngineException INVALID if there is nothing to run
     */
    static ContainerConfig merge(ContainerConfig user, ContainerConfig image, String hostname) {
        var entrypoint = user.entrypoint();
        var cmd = user.cmd();
        if (entrypoint == null || entrypoint.isEmpty()) {
            if (cmd == null || cmd.isEmpty()) {
                cmd = image.cmd();
            }
            if (entrypoint == null) {
                entrypoint = image.entrypoint();
            }
        }
        if (entrypoint != null && entrypoint.equals(List.of(""))) {
            entrypoint = null;
        }
        if (empty(entrypoint) && empty(cmd)) {
            throw EngineException.invalid("no command specified");
        }
        String directory = user.workingDir().isEmpty() ? image.workingDir() : user.workingDir();
        return new ContainerConfig(
                user.hostname().isEmpty() ? hostname : user.hostname(),
                user.domainname(),
                user.user().isEmpty() ? image.user() : user.user(),
                user.attachStdin(),
                user.attachStdout(),
                user.attachStderr(),
                union(image.exposedPorts(), user.exposedPorts()),
                user.tty(),
                user.openStdin(),
                user.stdinOnce(),
                env(image.env(), user.env()),
                cmd,
                health(user.healthcheck(), image.healthcheck()),
                user.argsEscaped(),
                user.image(),
                union(image.volumes(), user.volumes()),
                directory,
                entrypoint,
                user.networkDisabled(),
                user.macAddress(),
                user.onBuild() == null ? image.onBuild() : user.onBuild(),
                union(image.labels(), user.labels()),
                user.stopSignal() == null || user.stopSignal().isEmpty() ? image.stopSignal() : user.stopSignal(),
                user.stopTimeout(),
                user.shell() == null ? image.shell() : user.shell());
    }

    private static boolean empty(@Nullable List<String> words) {
        return words == null || words.isEmpty();
    }

    private static <V> Map<String, V> union(Map<String, V> base, Map<String, V> over) {
        var union = new LinkedHashMap<>(base);
        union.putAll(over);
        return union;
    }

    /** The user's variables, then those of the image that the user did not set. */
    private static List<String> env(List<String> image, List<String> user) {
        var all = new java.util.ArrayList<>(user);
        for (String entry : image) {
            String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
            boolean set = user.stream().anyMatch(own -> own.equals(name) || own.startsWith(name + "="));
            if (!set) {
                all.add(entry);
            }
        }
        return all;
    }

    private static @Nullable HealthConfig health(@Nullable HealthConfig user, @Nullable HealthConfig image) {
        if (user == null || image == null) {
            return user == null ? image : user;
        }
        return new HealthConfig(
                user.test().isEmpty() ? image.test() : user.test(),
                user.interval() == 0 ? image.interval() : user.interval(),
                user.timeout() == 0 ? image.timeout() : user.timeout(),
                user.retries() == 0 ? image.retries() : user.retries(),
                user.startPeriod() == 0 ? image.startPeriod() : user.startPeriod(),
                user.startInterval() == 0 ? image.startInterval() : user.startInterval());
    }
}
