package io.drydock.docker.dockerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that says which process this daemon is, and that keeps a second one from starting. */
final class Pidfile implements AutoCloseable {
    private final Path path;

    private Pidfile(Path path) {
        this.path = path;
    }

    static Pidfile create(Path path) throws IOException, BadUsage {
        if (Files.exists(path)) {
            String text = Files.readString(path).strip();
            if (isDaemon(text)) {
                throw new BadUsage("process with PID " + text
                        + " is still running: ensure docker is not running or delete " + path);
            }
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
        return new Pidfile(path);
    }

    /** A pid that was taken over by something else after a crash is no reason not to start. */
    private static boolean isDaemon(String pid) throws IOException {
        if (pid.isEmpty()
                || !pid.chars().allMatch(Character::isDigit)
                || pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return false;
        }
        Path commandLine = Path.of("/proc/" + pid + "/cmdline");
        return Files.exists(commandLine) && Files.readString(commandLine).contains("dockerd");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
