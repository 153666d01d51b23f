package io.drydock.containerd.server.grpc;

import io.drydock.containerd.core.ContainerdError;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends calls: with an answer, or with an error as one of gRPC's codes. */
public final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** What answers a call. */
    @FunctionalInterface
    public interface Work<R> {
        R answer() throws IOException;
    }

    /** Sends the work's answer, or its failure. */
    public static <R> void unary(StreamObserver<R> out, Work<R> work) {
        R answer;
        try {
            answer = work.answer();
        } catch (IOException | RuntimeException e) {
            out.onError(status(e));
            return;
        }
        out.onNext(answer);
        out.onCompleted();
    }

    /** A failure as the client shall see it. Those that are nobody's fault but ours are logged, with their trace. */
    public static StatusRuntimeException status(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException e -> e;
            case ContainerdError e ->
                code(e.code()).withDescription(e.getMessage()).asRuntimeException();
            case InterruptedIOException e ->
                Status.CANCELLED.withDescription("context canceled").asRuntimeException();
            case UncheckedIOException e -> status(Objects.requireNonNull(e.getCause()));
            case IOException e -> io(e);
            default -> {
                log.error("internal error", failure);
                yield Status.INTERNAL.withDescription(failure.toString()).asRuntimeException();
            }
        };
    }

    private static StatusRuntimeException io(IOException e) {
        var text = text(e);
        return (text.contains("no space left on device") ? Status.RESOURCE_EXHAUSTED : Status.UNKNOWN)
                .withDescription(text)
                .asRuntimeException();
    }

    /** A message in lower case as the kernel's errors are told elsewhere, never empty. */
    public static String text(IOException e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof FileSystemException
                && e.getMessage() != null
                && ((FileSystemException) e).getReason() == null) {
            message = e.getClass().getSimpleName() + ": " + message;
        }
        return message.replace("No space left on device", "no space left on device")
                .replace("Read-only file system", "read-only file system");
    }

    private static Status code(ContainerdError.Code code) {
        return switch (code) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
            case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
            case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
            case OUT_OF_RANGE -> Status.OUT_OF_RANGE;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
            case ABORTED -> Status.ABORTED;
            case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
            case INTERNAL -> Status.INTERNAL;
        };
    }
}
