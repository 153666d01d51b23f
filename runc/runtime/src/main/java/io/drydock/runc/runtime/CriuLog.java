package io.drydock.runc.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Quotes what criu has logged of its failure: criu's answer says no more than that there was one. */
final class CriuLog {
    /** Lines before one that tells an error. */
    private static final int BEFORE = 5;

    private CriuLog() {}

    static void quote(Path directory, String name, Consumer<String> warnings) {
        Path file = directory.resolve(name);
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return; // it got no further than where a log begins
        }
        int quoted = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).contains("Error")) {
                continue;
            }
            if (quoted == 0) {
                warnings.accept("--- Quoting \"" + file + '"');
            } else if (i - BEFORE > quoted) {
                warnings.accept("...");
            }
            for (int at = Math.max(quoted, i - BEFORE); at <= i; at++) {
                warnings.accept((at + 1) + ":" + lines.get(at));
            }
            quoted = i + 1;
        }
        if (quoted > 0) {
            warnings.accept("---");
        }
    }
}
