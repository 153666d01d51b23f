package io.drydock.containerd.shim;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.rpc.TtrpcClient;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.KillRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code delete}: containerd thinks the shim of a container dead and wants nothing of the container left. If the resident
 * shim lives (it serves others, or has been started again), it does that; otherwise this process does.
 */
final class DeleteCommand {
    private static final int KILLED = 137;
    private static final int SIGKILL = 9;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Linux linux;

    DeleteCommand(Linux linux) {
        this.linux = linux;
    }

    DeleteResponse run(Arguments arguments) throws IOException {
        Path socket = Sockets.of(arguments.address());
        Optional<TaskRecord.Found> record = record(Path.of(socket + ".tasks"), arguments);
        if (record.isEmpty()) {
            return killed();
        }
        if (Sockets.answers(socket)) {
            try (TtrpcClient shim = TtrpcClient.connect(socket)) {
                return throughShim(shim, arguments);
            } catch (RpcException e) {
                if (e.code() != StatusCode.NOT_FOUND) {
                    throw new IOException("delete " + arguments.id() + ": " + e.text(), e);
                }
            }
        }
        return here(record.get(), arguments.id());
    }

    /**
     * The task that is meant: containerd also calls after a task was deleted in order, and by the time a JVM has started
     * there may be a new task of the same container.
     */
    private static Optional<TaskRecord.Found> record(Path records, Arguments arguments) throws IOException {
        Instant called = ProcessHandle.current().info().startInstant().orElse(Instant.MAX);
        for (TaskRecord.Found found : TaskRecord.all(records)) {
            if (found.files().begun()
                    && found.namespace().equals(arguments.namespace())
                    && found.files().task().getId().equals(arguments.id())
                    && found.files().created().isBefore(called)
                    && found.files().journal().deleted().isEmpty()) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static DeleteResponse throughShim(TtrpcClient shim, Arguments arguments) {
        try {
            call(
                    shim,
                    "Kill",
                    KillRequest.newBuilder()
                            .setId(arguments.id())
                            .setSignal(SIGKILL)
                            .setAll(true)
                            .build(),
                    Empty.parser(),
                    arguments);
        } catch (RpcException e) {
            if (e.code() != StatusCode.NOT_FOUND) {
                throw e;
            }
            // The process has ended, or there is no such task: the next calls tell which.
        }
        call(shim, "Wait", WaitRequest.newBuilder().setId(arguments.id()).build(), WaitResponse.parser(), arguments);
        return call(
                shim,
                "Delete",
                DeleteRequest.newBuilder().setId(arguments.id()).build(),
                DeleteResponse.parser(),
                arguments);
    }

    private static <R extends MessageLite> R call(
            TtrpcClient shim, String method, MessageLite request, Parser<R> answer, Arguments arguments) {
        return shim.call(
                TaskService.VERSION_2,
                method,
                request,
                answer,
                LIMIT,
                Map.of("containerd-namespace-ttrpc", arguments.namespace()));
    }

    private DeleteResponse here(TaskRecord.Found record, String id) throws IOException {
        try (Poller poller = new Poller(linux, "shim-delete");
                Runtimes runtimes = Runtimes.system(linux, poller)) {
            CreateTaskRequest task = record.files().task();
            Containers runtime = runtimes.of(Tasks.options(task), record.namespace(), task.getBundle());
            try (Container container = runtime.load(id)) {
                container.delete(true);
            } catch (RuntimeFailure e) {
                if (e.kind() != RuntimeFailure.Kind.NOT_FOUND) {
                    throw e;
                }
                runtime.discard(id);
            }
        }
        record.files().remove();
        return killed();
    }

    private static DeleteResponse killed() {
        return DeleteResponse.newBuilder()
                .setExitStatus(KILLED)
                .setExitedAt(Timestamps.of(Instant.now()))
                .build();
    }
}
