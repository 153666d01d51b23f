package io.drydock.runc.runtime.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Architectures a filter can name, with the numbers of their system calls in a table of resources. */
enum Architecture {
    X86_64("SCMP_ARCH_X86_64", 0xC000003E, 0, "x86_64"),
    X86("SCMP_ARCH_X86", 0x40000003, 0, "x86"),
    X32("SCMP_ARCH_X32", 0xC000003E, 0x40000000, "x32"),
    AARCH64("SCMP_ARCH_AARCH64", 0xC00000B7, 0, "aarch64");

    final String word;
    /** {@code AUDIT_ARCH_*}. */
    final int audit;
    /** Added to each number. */
    final int bit;

    private final String table;

    Architecture(String word, int audit, int bit, String table) {
        this.word = word;
        this.audit = audit;
        this.bit = bit;
        this.table = table;
    }

    static Architecture ofSystem() {
        return "aarch64".equals(System.getProperty("os.arch")) ? AARCH64 : X86_64;
    }

    /** Numbers (with {@link #bit}) by name. */
    Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>(1024);
        try (InputStream in = Architecture.class.getResourceAsStream(table + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("no table of system calls for " + table);
            }
            String lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            int end;
            for (int start = 0; start < lines.length(); start = end + 1) {
                int space = lines.indexOf(' ', start);
                end = lines.indexOf('\n', space);
                numbers.put(lines.substring(start, space), bit + Integer.parseInt(lines, space + 1, end, 10));
            }
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
