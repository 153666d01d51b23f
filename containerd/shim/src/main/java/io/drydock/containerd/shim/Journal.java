package io.drydock.containerd.shim;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The lines of a {@link TaskRecord}'s journal as a new shim finds them. An exec id is empty for the init, and no id has a
 * space.
 */
record Journal(List<String> lines) {
    static final String STARTED = "started";

    static String started(String execId, int number) {
        return STARTED + " " + execId + " " + number;
    }

    static String stdinClosed(String execId) {
        return "stdin " + execId;
    }

    static String deleted(int pid, Exited exit) {
        return "deleted " + pid + " " + exit.status() + " " + exit.at().getEpochSecond() + " "
                + exit.at().getNano();
    }

    boolean started() {
        return lines.contains(STARTED);
    }

    boolean stdinIsClosed(String execId) {
        return lines.contains(stdinClosed(execId));
    }

    boolean sent(String event) {
        return lines.contains("sent " + event);
    }

    /** What was told when the task was deleted. */
    record Deleted(int pid, Exited exit) {}

    /** Whether the task was deleted already; only its last event may be missing. */
    Optional<Deleted> deleted() {
        return lines.stream()
                .filter(line -> line.startsWith("deleted "))
                .findFirst()
                .map(line -> {
                    String[] words = line.split(" ");
                    return new Deleted(
                            Integer.parseInt(words[1]),
                            new Exited(
                                    Integer.parseInt(words[2]),
                                    Instant.ofEpochSecond(Long.parseLong(words[3]), Long.parseLong(words[4]))));
                });
    }

    /** The keeper's number of an exec, empty if it was not started. */
    OptionalInt number(String execId) {
        String prefix = STARTED + " " + execId + " ";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .mapToInt(line -> Integer.parseInt(line.substring(prefix.length())))
                .findFirst();
    }
}
