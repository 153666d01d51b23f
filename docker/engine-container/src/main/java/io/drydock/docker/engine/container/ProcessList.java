package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.watch.Apart;
import io.drydock.spec.engine.ContainerTop;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes of a container, as the host's {@code ps} prints them. */
final class ProcessList {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ProcessList() {}

    static ContainerTop of(Set<Integer> pids, String arguments) {
        var words = new ArrayList<>(List.of("ps"));
        Arrays.stream(arguments.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .forEach(words::add);
        String text = run(words);
        String[] lines = text.split("\n");
        var titles = List.of(lines[0].strip().split("\\s+"));
        int column = titles.indexOf("PID");
        if (column < 0) {
            throw EngineException.system("Couldn't find PID field in ps output", null);
        }
        var rows = new ArrayList<List<String>>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            var fields = List.of(line.strip().split("\\s+", titles.size()));
            if (fields.size() == titles.size() && isOneOf(fields.get(column), pids)) {
                rows.add(fields);
            }
        }
        return new ContainerTop(titles, rows);
    }

    private static boolean isOneOf(String text, Set<Integer> pids) {
        return text.chars().allMatch(Character::isDigit) && pids.contains(Integer.parseInt(text));
    }

    /** A process that cannot be looked at because its memory is stuck must not keep who asks. */
    private static String run(List<String> words) {
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = Apart.call(
                    "ps",
                    PATIENCE,
                    () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                    late -> {});
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw EngineException.system(
                        "ps: " + text.strip().lines().findFirst().orElse(""), null);
            }
            return text;
        } catch (IOException e) {
            throw EngineException.system("Error running ps: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.system("Error running ps: interrupted", e);
        }
    }
}
