package io.drydock.runc.runtime;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.runc.runtime.seccomp.SeccompCompiler;
import io.drydock.spec.oci.runtime.Seccomp;
import io.drydock.spec.oci.runtime.Spec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles profiles and remembers the last few: nearly all containers of an engine have the same. */
final class CachedSeccomp implements SeccompSource {
    private static final int REMEMBERED = 16;

    private final Map<Seccomp, SeccompFilter> filters = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Seccomp, SeccompFilter> eldest) {
            return size() > REMEMBERED;
        }
    };

    @Override
    public synchronized @Nullable SeccompFilter compile(Spec spec) throws InvalidSpecException {
        Seccomp profile = spec.linux() == null ? null : spec.linux().seccomp();
        if (profile == null) {
            return null;
        }
        SeccompFilter filter = filters.get(profile);
        if (filter == null) {
            filter = SeccompCompiler.compile(profile);
            filters.put(profile, filter);
        }
        return filter;
    }
}
