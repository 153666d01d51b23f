package io.drydock.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a handler may know about the call it serves. Owned by the handler's thread; only {@link #cancel} comes from the
 * connection's.
 */
public final class Call {
    private final Map<String, String> metadata;
    private final long deadline;
    private final List<CompletableFuture<?>> waits = new ArrayList<>(1);
    private boolean cancelled;

    Call(Map<String, String> metadata, long timeoutNanos) {
        this.metadata = metadata;
        this.deadline = timeoutNanos == 0 ? 0 : Math.max(1, System.nanoTime() + timeoutNanos);
    }

    /** The caller's metadata; of a key sent twice, the first value. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Waits for something that may take long, at most until the caller gave up or went away.
     *
     * @throws RpcException {@link StatusCode#DEADLINE_EXCEEDED} or {@link StatusCode#CANCELLED}
     */
    public <T> T await(CompletableFuture<T> event) {
        CompletableFuture<T> wait = event.copy();
        register(wait);
        try {
            return deadline == 0
                    ? wait.get()
                    : wait.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            wait.cancel(false);
            throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded", e);
        } catch (CancellationException e) {
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RpcException rpc
                    ? rpc
                    : new RpcException(StatusCode.UNKNOWN, String.valueOf(e.getCause()), e);
        }
    }

    private synchronized void register(CompletableFuture<?> wait) {
        if (cancelled) {
            wait.cancel(false);
        } else {
            waits.add(wait);
        }
    }

    /** The caller is gone: every wait of the handler ends. */
    synchronized void cancel() {
        cancelled = true;
        waits.forEach(wait -> wait.cancel(false));
        waits.clear();
    }
}
