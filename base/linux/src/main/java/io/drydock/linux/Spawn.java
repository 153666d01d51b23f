package io.drydock.linux;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process to start with {@code posix_spawn}: signal mask and dispositions are reset, it gets exactly the descriptors of
 * {@code descriptors} (by their number in the child) and nothing else.
 *
 * @param path the program; may be {@code /proc/self/fd/N} of a descriptor in the map
 * @param environment entries {@code NAME=value}
 * @param directory where it starts, null for ours
 * @param newSession whether it leads a session of its own
 */
public record Spawn(
        String path,
        List<String> arguments,
        List<String> environment,
        Map<Integer, Fd> descriptors,
        @Nullable String directory,
        boolean newSession) {
    public Spawn {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        descriptors = Map.copyOf(descriptors);
    }
}
