package io.drydock.docker.engine.container;

import io.drydock.containerd.client.RuncOptions;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OCI runtimes of an engine by name.
 *
 * @param programs paths of those that {@code --add-runtime} named
 * @param defaultName which one containers get that name none
 */
public record Runtimes(Map<String, String> programs, String defaultName) {
    private static final String SHIM = "io.containerd.runc.v2";

    /** Copies the map. */
    public Runtimes {
        programs = Map.copyOf(programs);
    }

    /** The built-in runtime's name. */
    public static final String BUILT_IN = "runc";

    /** Refuses a runtime that there is not. */
    void check(HostConfig host) {
        String runtime = host.runtime();
        if (!runtime.isEmpty()
                && !runtime.equals(BUILT_IN)
                && !runtime.equals(SHIM)
                && !programs.containsKey(runtime)) {
            throw EngineException.invalid("unknown or invalid runtime name: " + runtime);
        }
    }

    /** Whether a container runs with this engine's own runtime. */
    boolean isBuiltIn(HostConfig host) {
        return !programs.containsKey(host.runtime().isEmpty() ? defaultName : host.runtime());
    }

    String name(HostConfig host) {
        check(host);
        return SHIM;
    }

    /** Options of the shim: which program to use; null for the built-in one. */
    @Nullable
    RuncOptions options(HostConfig host) {
        String program = programs.get(host.runtime().isEmpty() ? defaultName : host.runtime());
        return program == null ? null : new RuncOptions(program, "", false, false, false, 0, 0);
    }
}
