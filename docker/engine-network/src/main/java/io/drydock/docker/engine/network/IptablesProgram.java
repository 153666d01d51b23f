package io.drydock.docker.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Runs the programs of iptables, in the network namespace in which this was made: a platform thread is in the namespace of its
 * maker, and so is what it starts.
 */
final class IptablesProgram implements AutoCloseable {
    private final ThreadPoolExecutor thread;
    private final String directory;

    /** Programs that are found as the shell finds them. */
    IptablesProgram() {
        this("");
    }

    /** Programs of a directory, whose path ends with a slash. */
    IptablesProgram(String directory) {
        this.directory = directory;
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("iptables").daemon().factory());
        thread.prestartAllCoreThreads();
    }

    /**
     * Runs a program to its end.
     *
     * @param input what it reads
     * @param started is told the process id
     * @return what it printed
     * @throws IOException with what it complained of, if it failed or is not installed
     */
    String run(String input, LongConsumer started, String... command) throws IOException {
        try {
            return thread.submit(() -> runHere(input, started, command)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        } catch (RejectedExecutionException e) {
            throw new IOException(command[0] + ": the engine ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + command[0], e);
        }
    }

    private String runHere(String input, LongConsumer started, String... command) throws IOException {
        var words = command.clone();
        words[0] = directory + command[0];
        var process = new ProcessBuilder(words).start();
        started.accept(process.pid());
        var errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), Thread::startVirtualThread);
        var writing = CompletableFuture.runAsync(
                () -> {
                    try (var stdin = process.getOutputStream()) {
                        stdin.write(input.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
        try {
            var output = read(process.getInputStream());
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(command[0] + " failed: " + errors.join().strip());
            }
            writing.join();
            return output;
        } catch (CompletionException | UncheckedIOException e) {
            throw new IOException(command[0] + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + command[0], e);
        } finally {
            process.destroy();
        }
    }

    private static String read(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets what runs come to its end. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
