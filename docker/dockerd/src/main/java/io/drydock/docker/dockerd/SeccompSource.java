package io.drydock.docker.dockerd;

import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.spec.oci.runtime.Seccomp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where filters of system calls come from: {@code --seccomp-profile}. */
final class SeccompSource implements SpecFactory.SeccompProfiles {
    private final String chosen;

    SeccompSource(String chosen) {
        this.chosen = chosen;
    }

    @Override
    public @Nullable Seccomp builtin(List<String> capabilities) {
        return chosen.equals("unconfined") ? null : null;
    }

    @Override
    public Seccomp parse(String profile, List<String> capabilities) {
        throw io.drydock.spec.engine.EngineException.notImplemented(
                "seccomp profiles of one's own are not built into this engine yet");
    }
}
