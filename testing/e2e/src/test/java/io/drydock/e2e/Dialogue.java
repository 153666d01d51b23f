package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What is typed at a program on a terminal of its own, which `script` provides.
 *
 * @param rows of the terminal
 * @param columns of the terminal
 * @param steps in their order
 */
record Dialogue(int rows, int columns, List<Step> steps) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Types a text when another one has been shown since the last step. */
    record Step(String after, String typed) {}

    /** How the program ended, and all that the terminal has shown. */
    record Outcome(int exitCode, String shown) {}

    /** Holds it with a program. Fails if a text does not appear, or the program does not end, within a minute. */
    Outcome hold(Command program) {
        var words = program.words().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        // who runs the tests in the background may have them ignore the interrupt, which nobody at a terminal does
        var line = "stty rows " + rows + " cols " + columns + "; exec env --default-signal " + words;
        var process = new Command(
                        List.of("script", "-qefc", line, "/dev/null"),
                        program.environment(),
                        program.directory(),
                        new byte[0],
                        PATIENCE)
                .start();
        var shown = new Shown();
        var reader = Thread.ofPlatform().daemon().start(() -> shown.read(process));
        try {
            int from = 0;
            for (var step : steps) {
                from = shown.await(step.after(), from);
                process.getOutputStream().write(step.typed().getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("did not end: " + words + "\n" + shown.text());
            }
            reader.join(PATIENCE);
            return new Outcome(process.exitValue(), shown.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static final class Shown {
        private final StringBuilder text = new StringBuilder();

        void read(Process process) {
            var buffer = new char[4096];
            try (var in = process.inputReader(StandardCharsets.UTF_8)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (this) {
                        text.append(buffer, 0, n);
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized int await(String wanted, int from) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (text.indexOf(wanted, from) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("not shown: " + wanted + "\n" + text);
                }
                wait(left);
            }
            return text.indexOf(wanted, from) + wanted.length();
        }

        synchronized String text() {
            return text.toString();
        }
    }
}
