package io.drydock.docker.engine.network;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Settings below {@code /proc/sys/net} of the calling thread's namespace. */
final class Sysctl {
    private static final Path NET = Path.of("/proc/sys/net");

    private Sysctl() {}

    /** Sets {@code ipv4/ip_forward} and the like; true if it was something else before. */
    static boolean set(String name, String value) throws IOException {
        if (get(name).equals(value)) {
            return false;
        }
        Files.writeString(NET.resolve(name), value, StandardOpenOption.WRITE);
        return true;
    }

    /** The setting, without white space around it. */
    static String get(String name) throws IOException {
        var bytes = new byte[256];
        try (var file = new FileInputStream(NET.resolve(name).toFile())) {
            int length = file.read(bytes); // by one read: the kernel gives nothing more to a second one
            return new String(bytes, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip();
        }
    }
}
