package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.DeviceRule;
import java.util.List;

/** Device rules as version 1 writes them. */
final class DeviceRules {
    /** What every container may do: make nodes, use the standard devices, terminals and tun. */
    static final List<String> ALWAYS_ALLOWED = List.of(
            "c *:* m",
            "b *:* m",
            "c 1:3 rwm",
            "c 1:8 rwm",
            "c 1:7 rwm",
            "c 5:0 rwm",
            "c 1:5 rwm",
            "c 1:9 rwm",
            "c 136:* rwm",
            "c 5:2 rwm",
            "c 10:200 rwm");

    private DeviceRules() {}

    /** For example {@code c 1:3 rwm} or {@code a *:* rwm}. */
    static String text(DeviceRule rule) {
        String type = rule.type() == null || rule.type().isEmpty() ? "a" : rule.type();
        String access = rule.access() == null || rule.access().isEmpty() ? "rwm" : rule.access();
        return type + ' ' + number(rule.major()) + ':' + number(rule.minor()) + ' ' + access;
    }

    private static String number(@org.jspecify.annotations.Nullable Long number) {
        return number == null || number < 0 ? "*" : Long.toString(number);
    }
}
