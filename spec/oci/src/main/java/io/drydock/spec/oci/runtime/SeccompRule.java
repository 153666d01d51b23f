package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to some system calls. Source: OCI runtime-spec 1.3. */
@Json
public record SeccompRule(
        List<String> names, String action, @Nullable Integer errnoRet, List<SeccompArgument> args) {

    /** Absent texts and collections become empty. */
    public SeccompRule {
        names = names == null ? List.of() : Collections.unmodifiableList(names);
        action = action == null ? "" : action;
        args = args == null ? List.of() : Collections.unmodifiableList(args);
    }
}
