package io.drydock.containerd.server.tasks;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.drydock.rpc.TtrpcClient;
import io.drydock.spec.containerd.runtime.task.v2.CheckpointTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CloseIORequest;
import io.drydock.spec.containerd.runtime.task.v2.ConnectRequest;
import io.drydock.spec.containerd.runtime.task.v2.ConnectResponse;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import io.drydock.spec.containerd.runtime.task.v2.KillRequest;
import io.drydock.spec.containerd.runtime.task.v2.PauseRequest;
import io.drydock.spec.containerd.runtime.task.v2.PidsRequest;
import io.drydock.spec.containerd.runtime.task.v2.PidsResponse;
import io.drydock.spec.containerd.runtime.task.v2.ResizePtyRequest;
import io.drydock.spec.containerd.runtime.task.v2.ResumeRequest;
import io.drydock.spec.containerd.runtime.task.v2.ShutdownRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartResponse;
import io.drydock.spec.containerd.runtime.task.v2.StateRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import io.drydock.spec.containerd.runtime.task.v2.StatsRequest;
import io.drydock.spec.containerd.runtime.task.v2.StatsResponse;
import io.drydock.spec.containerd.runtime.task.v2.UpdateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import io.drydock.spec.containerd.shim.v1.StatesRequest;
import io.drydock.spec.containerd.shim.v1.StatesResponse;
import io.grpc.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The task API over one connection to a shim. Every call throws {@link io.drydock.rpc.RpcException}. */
final class ShimClient implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final TtrpcClient connection;
    private final String service;

    private ShimClient(TtrpcClient connection, String service) {
        this.connection = connection;
        this.service = service;
    }

    static ShimClient connect(ShimAddress address) throws IOException {
        String service = address.version() >= 3 ? "containerd.task.v3.Task" : "containerd.task.v2.Task";
        return new ShimClient(TtrpcClient.connect(address.socket()), service);
    }

    CreateTaskResponse create(String namespace, CreateTaskRequest request) {
        return call(namespace, "Create", request, CreateTaskResponse.parser(), LONG);
    }

    StartResponse start(String namespace, StartRequest request) {
        return call(namespace, "Start", request, StartResponse.parser(), LONG);
    }

    DeleteResponse delete(String namespace, DeleteRequest request) {
        return call(namespace, "Delete", request, DeleteResponse.parser(), LONG);
    }

    StateResponse state(String namespace, StateRequest request) {
        return call(namespace, "State", request, StateResponse.parser(), SHORT);
    }

    /** Our own shim's: the states of all its tasks in a namespace. UNIMPLEMENTED by others, and by our older ones. */
    StatesResponse states(String namespace) {
        return connection.call(
                "drydock.shim.v1.States",
                "List",
                StatesRequest.getDefaultInstance(),
                StatesResponse.parser(),
                SHORT,
                headers(namespace));
    }

    PidsResponse pids(String namespace, PidsRequest request) {
        return call(namespace, "Pids", request, PidsResponse.parser(), SHORT);
    }

    /** However long it takes: a task's memory is written out. */
    void checkpoint(String namespace, CheckpointTaskRequest request) {
        call(namespace, "Checkpoint", request, Empty.parser(), null);
    }

    void pause(String namespace, PauseRequest request) {
        call(namespace, "Pause", request, Empty.parser(), SHORT);
    }

    void resume(String namespace, ResumeRequest request) {
        call(namespace, "Resume", request, Empty.parser(), SHORT);
    }

    void kill(String namespace, KillRequest request) {
        call(namespace, "Kill", request, Empty.parser(), SHORT);
    }

    void exec(String namespace, ExecProcessRequest request) {
        call(namespace, "Exec", request, Empty.parser(), SHORT);
    }

    void resizePty(String namespace, ResizePtyRequest request) {
        call(namespace, "ResizePty", request, Empty.parser(), SHORT);
    }

    void closeIo(String namespace, CloseIORequest request) {
        call(namespace, "CloseIO", request, Empty.parser(), SHORT);
    }

    void update(String namespace, UpdateTaskRequest request) {
        call(namespace, "Update", request, Empty.parser(), SHORT);
    }

    /** Waits for ever, or until the gRPC call that the thread serves has ended: its client has gone, or its deadline is over. */
    WaitResponse await(String namespace, WaitRequest request) {
        Context call = Context.current();
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Context.CancellationListener gone = context -> over.complete(true);
        call.addListener(gone, Runnable::run);
        try {
            return connection.call(service, "Wait", request, WaitResponse.parser(), null, headers(namespace), over);
        } finally {
            call.removeListener(gone);
        }
    }

    StatsResponse stats(String namespace, StatsRequest request) {
        return call(namespace, "Stats", request, StatsResponse.parser(), SHORT);
    }

    ConnectResponse connect(String namespace, ConnectRequest request) {
        return call(namespace, "Connect", request, ConnectResponse.parser(), SHORT);
    }

    void shutdown(String namespace, ShutdownRequest request) {
        call(namespace, "Shutdown", request, Empty.parser(), Duration.ofSeconds(3));
    }

    /** Completes when the connection has ended. */
    CompletableFuture<Void> closed() {
        return connection.closed();
    }

    private <R extends MessageLite> R call(
            String namespace, String method, MessageLite request, Parser<R> answer, @Nullable Duration timeout) {
        return connection.call(service, method, request, answer, timeout, headers(namespace));
    }

    private static Map<String, String> headers(String namespace) {
        return Map.of("containerd-namespace-ttrpc", namespace);
    }

    @Override
    public void close() {
        connection.close();
    }
}
