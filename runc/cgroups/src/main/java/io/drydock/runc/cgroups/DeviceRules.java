package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.DeviceRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Device rules as version 1 writes them. */
final class DeviceRules {
    /** What every container may do: make nodes, use the standard devices, terminals and tun. */
    static final List<DeviceRule> ALWAYS_ALLOWED = List.of(
            allowed("c", null, null, "m"),
            allowed("b", null, null, "m"),
            allowed("c", 1L, 3L, "rwm"),
            allowed("c", 1L, 8L, "rwm"),
            allowed("c", 1L, 7L, "rwm"),
            allowed("c", 5L, 0L, "rwm"),
            allowed("c", 1L, 5L, "rwm"),
            allowed("c", 1L, 9L, "rwm"),
            allowed("c", 136L, null, "rwm"),
            allowed("c", 5L, 2L, "rwm"),
            allowed("c", 10L, 200L, "rwm"));

    private DeviceRules() {}

    private static DeviceRule allowed(String type, @Nullable Long major, @Nullable Long minor, String access) {
        return new DeviceRule(true, type, major, minor, access);
    }

    /** For example {@code c 1:3 rwm} or {@code a *:* rwm}. */
    static String text(DeviceRule rule) {
        return type(rule) + ' ' + number(rule.major()) + ':' + number(rule.minor()) + ' ' + access(rule);
    }

    /** {@code a} if the rule does not say. */
    static String type(DeviceRule rule) {
        return rule.type() == null || rule.type().isEmpty() ? "a" : rule.type();
    }

    /** {@code rwm} if the rule does not say; other letters mean nothing, as with runc. */
    static String access(DeviceRule rule) {
        return rule.access() == null || rule.access().isEmpty()
                ? "rwm"
                : rule.access().replaceAll("[^rwm]", "");
    }

    private static String number(@Nullable Long number) {
        return number == null || number < 0 ? "*" : Long.toString(number);
    }
}
