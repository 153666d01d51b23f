package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process to run in a container. Source: OCI runtime-spec 1.3. */
@Json
public record Process(
        boolean terminal,
        @Nullable Box consoleSize,
        @Nullable User user,
        List<String> args,
        @Nullable String commandLine,
        List<String> env,
        @Nullable String cwd,
        @Nullable Capabilities capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        @Nullable String apparmorProfile,
        @Nullable Integer oomScoreAdj,
        @Nullable Scheduler scheduler,
        @Nullable String selinuxLabel,
        @Nullable IoPriority ioPriority,
        @Nullable CpuAffinity execCPUAffinity) {

    /** Absent texts and collections become empty. */
    public Process {
        args = args == null ? List.of() : Collections.unmodifiableList(args);
        env = env == null ? List.of() : Collections.unmodifiableList(env);
        rlimits = rlimits == null ? List.of() : Collections.unmodifiableList(rlimits);
    }
}
