package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;

/** Hooks by the point at which they run. Source: OCI runtime-spec 1.3. */
@Json
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {

    /** Absent texts and collections become empty. */
    public Hooks {
        prestart = prestart == null ? List.of() : Collections.unmodifiableList(prestart);
        createRuntime = createRuntime == null ? List.of() : Collections.unmodifiableList(createRuntime);
        createContainer = createContainer == null ? List.of() : Collections.unmodifiableList(createContainer);
        startContainer = startContainer == null ? List.of() : Collections.unmodifiableList(startContainer);
        poststart = poststart == null ? List.of() : Collections.unmodifiableList(poststart);
        poststop = poststop == null ? List.of() : Collections.unmodifiableList(poststop);
    }
}
