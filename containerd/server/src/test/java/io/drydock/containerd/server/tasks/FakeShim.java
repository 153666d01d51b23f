package io.drydock.containerd.server.tasks;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.drydock.rpc.Call;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.RpcService;
import io.drydock.rpc.StatusCode;
import io.drydock.rpc.TtrpcServer;
import io.drydock.spec.containerd.runtime.task.v2.CheckpointTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.KillRequest;
import io.drydock.spec.containerd.runtime.task.v2.ShutdownRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartResponse;
import io.drydock.spec.containerd.runtime.task.v2.StateRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import io.drydock.spec.containerd.runtime.task.v2.WaitRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import io.drydock.spec.containerd.types.task.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A shim without containers: one task whose init is pid 42 and ends when it is killed. */
final class FakeShim implements AutoCloseable {
    static final int PID = 42;

    final List<MessageLite> requests = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final TtrpcServer server;
    volatile String failure = "";
    /** What happens while a task is made. */
    volatile Runnable creating = () -> {};
    /** What the last task was restored from. */
    volatile String restored = "";

    FakeShim(Path socket) throws IOException {
        server = TtrpcServer.serve(
                socket, List.of(service("containerd.task.v2.Task"), service("containerd.task.v3.Task")));
    }

    private RpcService service(String name) {
        return RpcService.named(name)
                .unary("Create", CreateTaskRequest.parser(), (call, request) -> {
                    requests.add(request);
                    creating.run();
                    if (!failure.isEmpty()) {
                        throw new RpcException(StatusCode.UNKNOWN, failure);
                    }
                    if (!request.getCheckpoint().isEmpty()) {
                        restored = read(Path.of(request.getCheckpoint(), "pages.img"));
                    }
                    return CreateTaskResponse.newBuilder().setPid(PID).build();
                })
                .unary(
                        "Start",
                        StartRequest.parser(),
                        answer(StartResponse.newBuilder().setPid(PID).build()))
                .unary(
                        "State",
                        StateRequest.parser(),
                        (call, request) -> StateResponse.newBuilder()
                                .setId(request.getId())
                                .setPid(PID)
                                .setStatus(exit.isDone() ? Status.STOPPED : Status.RUNNING)
                                .build())
                .unary("Checkpoint", CheckpointTaskRequest.parser(), (call, request) -> {
                    requests.add(request);
                    write(Path.of(request.getPath(), "pages.img"), "memory");
                    return Empty.getDefaultInstance();
                })
                .unary("Kill", KillRequest.parser(), (call, request) -> {
                    exit.complete(128 + request.getSignal());
                    return Empty.getDefaultInstance();
                })
                .unary(
                        "Wait",
                        WaitRequest.parser(),
                        (call, request) -> WaitResponse.newBuilder()
                                .setExitStatus(call.await(exit))
                                .setExitedAt(Timestamp.newBuilder().setSeconds(7))
                                .build())
                .unary("Delete", DeleteRequest.parser(), (call, request) -> {
                    requests.add(request);
                    return DeleteResponse.newBuilder()
                            .setPid(PID)
                            .setExitStatus(exit.getNow(0))
                            .build();
                })
                .unary("Shutdown", ShutdownRequest.parser(), answer(Empty.getDefaultInstance()));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <Q extends MessageLite> RpcService.UnaryHandler<Q> answer(MessageLite answer) {
        return (Call call, Q request) -> {
            requests.add(request);
            return answer;
        };
    }

    /** A program that does what {@code start} and {@code delete} of a shim do, for this one. */
    static Path program(Path directory, Path socket) throws IOException {
        Path program = directory.resolve("containerd-shim-fake-v2");
        Files.writeString(program, """
                #!/bin/sh
                for verb; do :; done
                case $verb in
                start) printf 'unix://%s' ;;
                delete) echo "$@" >> %s.deleted ;;
                esac
                """.formatted(socket, socket));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    /** Dies as by SIGKILL: every connection ends. */
    @Override
    public void close() {
        server.close();
    }
}
