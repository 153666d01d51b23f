package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.DeviceRule;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list of device rules comes to, by the rules of version 1: everything is allowed or everything is denied, but for
 * exceptions. Rules are taken in order; one for all devices begins anew, one that says what is the case anyway takes an
 * exception away.
 *
 * @param exceptions what is denied where all is allowed, allowed where all is denied; never empty sets
 */
record DevicePolicy(boolean allowsAll, Map<Devices, Set<Access>> exceptions) {
    static final long ANY = -1;

    /** Devices of a type, {@code c} or {@code b}; {@link #ANY} stands for all numbers. */
    record Devices(char type, long major, long minor) {
        /** Whether all of the others are among these. */
        boolean include(Devices others) {
            return type == others.type
                    && (major == ANY || major == others.major)
                    && (minor == ANY || minor == others.minor);
        }
    }

    /** What is done with a device, with the kernel's bit for it. */
    enum Access {
        MKNOD('m', 1),
        READ('r', 2),
        WRITE('w', 4);

        final char letter;
        final int bit;

        Access(char letter, int bit) {
            this.letter = letter;
            this.bit = bit;
        }
    }

    DevicePolicy {
        exceptions = Map.copyOf(exceptions);
    }

    /**
     * The rules' outcome if nothing is allowed before the first.
     *
     * @throws IOException for an unknown type, a number that is none, and for a rule that would take part of what an
     *     earlier rule says: version 1 ignores those, which nobody expects
     */
    static DevicePolicy of(List<DeviceRule> rules) throws IOException {
        boolean allowsAll = false;
        Map<Devices, Set<Access>> exceptions = new LinkedHashMap<>();
        for (DeviceRule rule : rules) {
            String type = DeviceRules.type(rule);
            Set<Access> access = access(DeviceRules.access(rule));
            switch (type) {
                case "a" -> {
                    allowsAll = rule.allow();
                    exceptions.clear();
                }
                case "b", "c" -> {
                    Devices devices =
                            new Devices(type.charAt(0), number("major", rule.major()), number("minor", rule.minor()));
                    if (rule.allow() == allowsAll) {
                        remove(exceptions, devices, access, rule);
                    } else {
                        exceptions
                                .computeIfAbsent(devices, d -> EnumSet.noneOf(Access.class))
                                .addAll(access);
                    }
                }
                default -> throw new IOException("invalid cgroup device type \"" + type + "\"");
            }
        }
        return new DevicePolicy(allowsAll, exceptions);
    }

    private static void remove(
            Map<Devices, Set<Access>> exceptions, Devices devices, Set<Access> access, DeviceRule rule)
            throws IOException {
        for (Map.Entry<Devices, Set<Access>> wider : exceptions.entrySet()) {
            boolean overlaps =
                    wider.getKey().include(devices) && !wider.getKey().equals(devices);
            if (overlaps && wider.getValue().stream().anyMatch(access::contains)) {
                throw new IOException("requested rule \"" + (rule.allow() ? "allow " : "deny ") + DeviceRules.text(rule)
                        + "\" not supported by devices cgroupv1 (cannot punch hole in existing wildcard rule)");
            }
        }
        Set<Access> left = exceptions.get(devices);
        if (left != null && left.removeAll(access) && left.isEmpty()) {
            exceptions.remove(devices);
        }
    }

    /** Other letters are gone by now, see {@link DeviceRules#access}. */
    private static Set<Access> access(String letters) {
        Set<Access> access = EnumSet.noneOf(Access.class);
        for (Access one : Access.values()) {
            if (letters.indexOf(one.letter) >= 0) {
                access.add(one);
            }
        }
        return access;
    }

    private static long number(String what, @Nullable Long number) throws IOException {
        if (number == null || number == ANY) {
            return ANY;
        }
        if (number < 0 || number > 0xffff_ffffL) {
            throw new IOException("invalid " + what + " number " + number + " of a device rule");
        }
        return number;
    }
}
