package io.drydock.containerd.server.tasks;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Calls a service's methods without a gRPC server between. */
final class Calls {
    private Calls() {}

    static <Q, R> R call(BiConsumer<Q, StreamObserver<R>> method, Q request) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> method.accept(request, new StreamObserver<>() {
                    @Override
                    public void onNext(R value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                }));
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
