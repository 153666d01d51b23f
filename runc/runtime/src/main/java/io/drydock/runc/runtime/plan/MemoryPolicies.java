package io.drydock.runc.runtime.plan;

import io.drydock.spec.oci.runtime.MemoryPolicy;
import java.util.BitSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** NUMA policies by the names of the spec, {@code linux/mempolicy.h}. */
public final class MemoryPolicies {
    private static final int DEFAULT = 0;
    private static final int PREFERRED = 1;
    private static final int LOCAL = 4;

    private MemoryPolicies() {}

    /** Modes by name. */
    public static SortedMap<String, Integer> modes() {
        return new TreeMap<>(Map.of(
                "MPOL_DEFAULT", DEFAULT,
                "MPOL_PREFERRED", PREFERRED,
                "MPOL_BIND", 2,
                "MPOL_INTERLEAVE", 3,
                "MPOL_LOCAL", LOCAL,
                "MPOL_PREFERRED_MANY", 5,
                "MPOL_WEIGHTED_INTERLEAVE", 6));
    }

    /** Flags by name. */
    public static SortedMap<String, Integer> flags() {
        return new TreeMap<>(Map.of(
                "MPOL_F_STATIC_NODES", 1 << 15,
                "MPOL_F_RELATIVE_NODES", 1 << 14,
                "MPOL_F_NUMA_BALANCING", 1 << 13));
    }

    static Op.MemoryPolicy plan(MemoryPolicy policy) throws InvalidSpecException {
        Integer mode = modes().get(policy.mode());
        if (mode == null) {
            throw new InvalidSpecException("invalid memory policy mode \"" + policy.mode() + '"');
        }
        int flags = 0;
        byte[] nodes = nodes(policy.nodes() == null ? "" : policy.nodes());
        for (String name : policy.flags()) {
            Integer flag = flags().get(name);
            if (flag == null) {
                throw new InvalidSpecException("invalid memory policy flag \"" + name + '"');
            }
            flags |= flag;
        }
        int count = BitSet.valueOf(nodes).cardinality();
        boolean takesNone = mode == DEFAULT || mode == LOCAL;
        if (takesNone && count > 0) {
            throw new InvalidSpecException("memory policy mode requires 0 nodes but got " + count);
        }
        if (!takesNone && mode != PREFERRED && count == 0) {
            throw new InvalidSpecException("memory policy mode requires at least one node but got 0");
        }
        return new Op.MemoryPolicy(mode | flags, count == 0 ? new byte[0] : nodes);
    }

    private static byte[] nodes(String list) throws InvalidSpecException {
        try {
            return CpuList.mask(list.isEmpty() ? null : list);
        } catch (InvalidSpecException e) {
            throw new InvalidSpecException("invalid memory policy nodes \"" + list + '"');
        }
    }
}
