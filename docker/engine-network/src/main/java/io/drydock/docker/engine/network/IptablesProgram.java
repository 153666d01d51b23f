package io.drydock.docker.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;

/** Runs the programs of iptables. */
final class IptablesProgram {
    private IptablesProgram() {}

    /**
     * Runs a program to its end.
     *
     * @param input what it reads
     * @param started is told the process id
     * @return what it printed
     * @throws IOException with what it complained of, if it failed or is not installed
     */
    static String run(String input, LongConsumer started, String... command) throws IOException {
        var process = new ProcessBuilder(command).start();
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
}
