package io.drydock.containerd.server.grpc;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/**
 * A call's way down to its client, for handlers that send many messages: {@link #send} waits while the client does not
 * keep up. The handler runs on a virtual thread of its own, which is interrupted when the client goes away.
 */
public final class Downstream<R> {
    private final ServerCallStreamObserver<R> out;
    private final Semaphore readiness = new Semaphore(0);
    private volatile boolean cancelled;

    private Downstream(StreamObserver<R> out) {
        this.out = (ServerCallStreamObserver<R>) out;
    }

    /** What sends messages; returning ends the call. */
    @FunctionalInterface
    public interface Work<R> {
        void run(Downstream<R> down) throws IOException, InterruptedException;
    }

    /** Starts the work. To be called from the method that gRPC calls, before it returns. */
    public static <R> void start(StreamObserver<R> out, String name, Work<R> work) {
        var down = new Downstream<R>(out);
        var thread = Thread.ofVirtual().name(name).unstarted(Context.current().wrap(() -> down.run(work)));
        down.out.setOnReadyHandler(down.readiness::release);
        down.out.setOnCancelHandler(() -> {
            down.cancelled = true;
            thread.interrupt();
        });
        thread.start();
    }

    private void run(Work<R> work) {
        try {
            work.run(this);
            if (!cancelled) {
                out.onCompleted();
            }
        } catch (InterruptedException e) {
            fail(new InterruptedIOException("context canceled"));
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        if (!cancelled) {
            out.onError(Answers.status(failure));
        }
    }

    /** Sends a message when the client has room for it. */
    public void send(R message) throws InterruptedException {
        while (!out.isReady()) {
            if (cancelled) {
                throw new InterruptedException("the client is gone");
            }
            readiness.acquire();
        }
        out.onNext(message);
    }
}
