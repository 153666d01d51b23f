package io.drydock.docker.engine.container.spec;

import io.avaje.jsonb.Json;
import io.drydock.spec.oci.runtime.SeccompArgument;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A profile in Docker's form: rules that hold for some architectures, capabilities and kernels only. */
@Json
record SeccompProfile(
        String defaultAction,
        @Nullable Integer defaultErrnoRet,
        List<String> architectures,
        List<ArchMap> archMap,
        List<String> flags,
        List<Rule> syscalls) {

    /** Absent lists become empty. */
    SeccompProfile {
        architectures = architectures == null ? List.of() : architectures;
        archMap = archMap == null ? List.of() : archMap;
        flags = flags == null ? List.of() : flags;
        syscalls = syscalls == null ? List.of() : syscalls;
    }

    /** An architecture and those whose calls its kernel serves, too. */
    @Json
    record ArchMap(String architecture, @Nullable List<String> subArchitectures) {}

    /** A rule and when it holds. */
    @Json
    record Rule(
            List<String> names,
            String action,
            @Nullable Integer errnoRet,
            @Nullable List<Argument> args,
            @Nullable Condition includes,
            @Nullable Condition excludes) {}

    /** A comparison of an argument. */
    @Json
    record Argument(int index, BigInteger value, @Nullable BigInteger valueTwo, String op) {
        SeccompArgument oci() {
            return new SeccompArgument(index, value, valueTwo == null ? BigInteger.ZERO : valueTwo, op);
        }
    }

    /** Architectures as Go names them, capabilities, the oldest kernel {@code major.minor}. */
    @Json
    record Condition(
            List<String> arches,
            List<String> caps,
            @Nullable String minKernel) {
        Condition {
            arches = arches == null ? List.of() : arches;
            caps = caps == null ? List.of() : caps;
        }
    }

    /** What the profile is applied to. */
    record Target(
            String goArchitecture,
            String seccompArchitecture,
            Set<String> capabilities,
            int kernelMajor,
            int kernelMinor) {}

    io.drydock.spec.oci.runtime.Seccomp resolve(Target target) {
        var arches = new ArrayList<>(architectures);
        for (ArchMap map : archMap) {
            if (map.architecture().equals(target.seccompArchitecture())) {
                arches.add(map.architecture());
                arches.addAll(map.subArchitectures() == null ? List.of() : map.subArchitectures());
            }
        }
        var rules = new ArrayList<io.drydock.spec.oci.runtime.SeccompRule>();
        for (Rule rule : syscalls) {
            if (holds(rule, target)) {
                var args = rule.args() == null ? List.<Argument>of() : rule.args();
                rules.add(new io.drydock.spec.oci.runtime.SeccompRule(
                        rule.names(),
                        rule.action(),
                        rule.errnoRet(),
                        args.stream().map(Argument::oci).toList()));
            }
        }
        return new io.drydock.spec.oci.runtime.Seccomp(
                defaultAction, defaultErrnoRet, arches, flags, null, null, rules);
    }

    private static boolean holds(Rule rule, Target target) {
        var excludes = rule.excludes();
        if (excludes != null
                && (excludes.arches().contains(target.goArchitecture())
                        || excludes.caps().stream().anyMatch(target.capabilities()::contains))) {
            return false;
        }
        var includes = rule.includes();
        return includes == null
                || (includes.arches().isEmpty() || includes.arches().contains(target.goArchitecture()))
                        && target.capabilities().containsAll(includes.caps())
                        && kernel(includes.minKernel(), target);
    }

    private static boolean kernel(@Nullable String oldest, Target target) {
        if (oldest == null || oldest.isEmpty()) {
            return true;
        }
        String[] parts = oldest.split("\\.");
        int major = Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        return target.kernelMajor() > major || target.kernelMajor() == major && target.kernelMinor() >= minor;
    }
}
