package io.drydock.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program to run in a test: its arguments, environment, working directory and input. Immutable; each {@code with…} and
 * {@code in…} answers a changed copy.
 */
public record Command(
        List<String> words,
        Map<String, @Nullable String> environment,
        @Nullable Path directory,
        byte[] input,
        Duration limit) {

    /** What a program wrote, and how it ended. */
    public record Result(List<String> words, int exitCode, String out, String err) {

        /** This result, after checking that the program ended well. */
        public Result ok() {
            if (exitCode != 0) {
                throw new AssertionError(this.toString());
            }
            return this;
        }

        /** Standard output without white space at its end. */
        public String text() {
            return out.stripTrailing();
        }

        @Override
        public String toString() {
            return String.join(" ", words) + "\nexit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
        }
    }

    /** A command of these words that may take two minutes. */
    public static Command of(String... words) {
        return new Command(List.of(words), Map.of(), null, new byte[0], Duration.ofMinutes(2));
    }

    /** The same command with more words at its end. */
    public Command with(String... more) {
        var all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Command(List.copyOf(all), environment, directory, input, limit);
    }

    /** The same command with a variable set in its environment, or removed from it if the value is null. */
    public Command withVariable(String name, @Nullable String value) {
        var all = new HashMap<>(environment);
        all.put(name, value);
        return new Command(words, all, directory, input, limit);
    }

    /** The same command, which reads this text from its standard input. */
    public Command withInput(String text) {
        return new Command(words, environment, directory, text.getBytes(StandardCharsets.UTF_8), limit);
    }

    /** The same command, started in that directory. */
    public Command in(Path where) {
        return new Command(words, environment, where, input, limit);
    }

    /** The same command with another limit of time. */
    public Command within(Duration time) {
        return new Command(words, environment, directory, input, time);
    }

    /** Starts the program; the caller ends it. Its output is to be read by the caller. */
    public Process start() {
        try {
            return builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds the process as described, for callers that redirect its output. */
    public ProcessBuilder builder() {
        var builder = new ProcessBuilder(words);
        environment.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        return builder;
    }

    /** Runs the program to its end. Fails when it is not over within its limit; it is killed then. */
    public Result run() {
        var process = start();
        var out = collect(process.getInputStream());
        var err = collect(process.getErrorStream());
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // the program has ended or closed its input without reading all of it
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("not over within " + limit + ": " + String.join(" ", words) + "\n--- out\n"
                        + out.text() + "\n--- err\n" + err.text());
            }
            return new Result(words, process.exitValue(), out.join(), err.join());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + String.join(" ", words), e);
        }
    }

    private static Collected collect(InputStream stream) {
        var collected = new Collected();
        collected.thread = Thread.ofVirtual().start(() -> {
            var buffer = new byte[8192];
            try (stream) {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    collected.add(buffer, n);
                }
            } catch (IOException e) {
                // the process was killed
            }
        });
        return collected;
    }

    private static final class Collected {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable Thread thread;

        private synchronized void add(byte[] buffer, int length) {
            bytes.write(buffer, 0, length);
        }

        private synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        /** Waits for the end of the stream, but not for a grandchild that keeps it open. */
        private String join() throws InterruptedException {
            if (thread != null) {
                thread.join(Duration.ofSeconds(10));
            }
            return text();
        }
    }
}
