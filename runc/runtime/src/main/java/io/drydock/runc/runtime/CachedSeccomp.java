package io.drydock.runc.runtime;

import io.drydock.runc.runtime.plan.InvalidSpecException;
import io.drydock.runc.runtime.plan.SeccompFilter;
import io.drydock.runc.runtime.seccomp.SeccompCompiler;
import io.drydock.spec.oci.runtime.Seccomp;
import io.drydock.spec.oci.runtime.Spec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Compiles profiles and remembers the last few: nearly all containers of an engine have the same. */
final class CachedSeccomp implements SeccompSource {
    private static final int REMEMBERED = 16;

    /**
     * The last one asked for first. No hash table: the first use of a record's hash code costs the program {@code runc}, which
     * asks once, 10 ms.
     */
    private final Deque<Compiled> filters = new ArrayDeque<>();

    private record Compiled(Seccomp profile, SeccompFilter filter) {}

    @Override
    public synchronized @Nullable SeccompFilter compile(Spec spec) throws InvalidSpecException {
        Seccomp profile = spec.linux() == null ? null : spec.linux().seccomp();
        if (profile == null) {
            return null;
        }
        Compiled compiled = take(profile);
        if (compiled == null) {
            compiled = new Compiled(profile, SeccompCompiler.compile(profile));
        }
        filters.addFirst(compiled);
        if (filters.size() > REMEMBERED) {
            filters.removeLast();
        }
        return compiled.filter();
    }

    private @Nullable Compiled take(Seccomp profile) {
        for (Iterator<Compiled> each = filters.iterator(); each.hasNext(); ) {
            Compiled known = each.next();
            if (known.profile().equals(profile)) {
                each.remove();
                return known;
            }
        }
        return null;
    }
}
