package io.drydock.runc.cgroups.dbus;

import java.util.List;

/**
 * A value with its type. Java's types by signature: {@code y} Byte, {@code b} Boolean, {@code n q} Short, {@code i u} Integer,
 * {@code x t} Long (unsigned as their bits), {@code s o g} String, {@code v} Variant, {@code a…} and {@code (…)} List.
 */
public record Variant(String signature, Object value) {
    public static Variant of(String text) {
        return new Variant("s", text);
    }

    public static Variant of(boolean flag) {
        return new Variant("b", flag);
    }

    /** An unsigned number of 64 bits; -1 is the largest. */
    public static Variant of(long number) {
        return new Variant("t", number);
    }

    public static Variant bytes(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            boxed[i] = bytes[i];
        }
        return new Variant("ay", List.of(boxed));
    }
}
