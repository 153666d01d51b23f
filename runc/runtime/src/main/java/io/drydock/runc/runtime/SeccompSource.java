package io.drydock.runc.runtime;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.spec.oci.runtime.Spec;
import org.jspecify.annotations.Nullable;

/** Makes the filter of a spec's seccomp section. */
@FunctionalInterface
public interface SeccompSource {
    /** The filter, or null if the spec has none. */
    @Nullable
    SeccompFilter compile(Spec spec) throws InvalidSpecException;
}
