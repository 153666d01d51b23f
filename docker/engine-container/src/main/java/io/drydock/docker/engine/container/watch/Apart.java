package io.drydock.docker.engine.container.watch;

import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Work on files whose server may have gone. The kernel does not let go of a thread that waits for it, nor of the carrier of a
 * virtual one, of which there are few. So such work has a thread of its own, and who asks for it does not wait for ever.
 */
public final class Apart {
    /** How long a client waits. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private Apart() {}

    /** Such work. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Waits for work's end.
     *
     * @param what for the error: {@code mount volume x}
     * @param late undoes what has ended after all when nobody waited for it any more
     * @throws EngineException the work's own; UNAVAILABLE if it does not end in time
     */
    public static <T> T call(String what, Duration patience, Work<T> work, Consumer<T> late) throws IOException {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().name("apart").start(() -> {
            try {
                T value = work.run();
                if (!result.complete(value)) {
                    late.accept(value);
                }
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            result.completeExceptionally(new EngineException(
                    EngineException.Kind.UNAVAILABLE,
                    what + ": has not ended for " + patience.toSeconds() + " seconds",
                    e));
        } catch (InterruptedException e) {
            result.completeExceptionally(EngineException.system(what + ": interrupted", e));
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // its cause is told below
        }
        return value(result);
    }

    /** Of one that is complete. */
    private static <T> T value(CompletableFuture<T> result) throws IOException {
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }
}
