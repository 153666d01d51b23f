package io.drydock.docker.engine.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This machine's name, which lines that are sent away carry. */
final class Hosts {
    private Hosts() {}

    static String name() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
