package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filter of system calls. Source: OCI runtime-spec 1.3. */
@Json
public record Seccomp(
        String defaultAction,
        @Nullable Integer defaultErrnoRet,
        List<String> architectures,
        List<String> flags,
        @Nullable String listenerPath,
        @Nullable String listenerMetadata,
        List<SeccompRule> syscalls) {

    /** Absent texts and collections become empty. */
    public Seccomp {
        defaultAction = defaultAction == null ? "" : defaultAction;
        architectures = architectures == null ? List.of() : Collections.unmodifiableList(architectures);
        flags = flags == null ? List.of() : Collections.unmodifiableList(flags);
        syscalls = syscalls == null ? List.of() : Collections.unmodifiableList(syscalls);
    }
}
