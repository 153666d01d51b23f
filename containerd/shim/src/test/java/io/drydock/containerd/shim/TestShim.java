package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.rpc.TtrpcClient;
import io.drydock.rpc.TtrpcServer;
import io.drydock.runc.runtime.keeper.Zygote;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartResponse;
import io.drydock.spec.containerd.runtime.task.v2.StateRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import io.drydock.spec.containerd.runtime.task.v2.WaitRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A shim over a real connection, with a runtime that has no kernel behind it, and a containerd that takes its events. */
final class TestShim implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);

    final FakeRuntime runtime = new FakeRuntime();
    final Path records;
    FakeContainerd containerd;
    /** Says that the container that was started last is out of memory. */
    volatile Runnable outOfMemory = () -> {};

    private final Path dir;
    private Poller poller;
    private EventQueue queue;
    private TtrpcServer server;
    private TtrpcClient client;

    /** @param dir for the sockets, and for {@code records} */
    TestShim(Path dir) throws IOException {
        this.dir = dir;
        this.records = dir.resolve("records");
        this.containerd = new FakeContainerd(dir.resolve("c"));
        start();
    }

    void start() throws IOException {
        Linux linux = Linux.system();
        poller = new Poller(linux, "test-poller");
        queue = new EventQueue(dir.resolve("c"));
        Tasks tasks = new Tasks(
                records,
                queue,
                new Runtimes(
                        new Zygote(Linux.system(), Path.of("/no/keeper")),
                        root -> runtime,
                        (name, root, systemd, bundle) -> runtime),
                new Stdios(linux, new Terminals(linux, poller)),
                new ExitWatch(linux, poller),
                (container, callback) -> {
                    outOfMemory = callback;
                    return () -> {};
                });
        tasks.adopt();
        queue.start();
        server = TtrpcServer.serve(
                dir.resolve("s"), new TaskService(tasks, new Probes(linux, poller), () -> {}).services());
        client = TtrpcClient.connect(dir.resolve("s"));
    }

    /** As a kill does: nothing is told, nothing is closed in order. */
    void kill() {
        queue.close();
        client.close();
        server.close();
        poller.close();
    }

    void containerdIsAway() {
        containerd.close();
    }

    FakeContainerd containerdIsBack() throws IOException {
        containerd = new FakeContainerd(dir.resolve("c"));
        return containerd;
    }

    @Override
    public void close() {
        kill();
        containerd.close();
    }

    <R extends MessageLite> R call(String method, MessageLite request, Parser<R> answer) {
        return call(TaskService.VERSION_3, method, request, answer);
    }

    <R extends MessageLite> R call(String service, String method, MessageLite request, Parser<R> answer) {
        return client.call(service, method, request, answer, LONG, Map.of("containerd-namespace-ttrpc", "ns"));
    }

    void create() {
        int pid = call(
                        "Create",
                        CreateTaskRequest.newBuilder()
                                .setId("c1")
                                .setBundle("/b")
                                .build(),
                        CreateTaskResponse.parser())
                .getPid();
        assertThat(pid).isEqualTo(100);
    }

    void startProcess(String execId) {
        call("Start", StartRequest.newBuilder().setId("c1").setExecId(execId).build(), StartResponse.parser());
    }

    void exec(String execId) {
        call(
                "Exec",
                ExecProcessRequest.newBuilder()
                        .setId("c1")
                        .setExecId(execId)
                        .setSpec(Any.newBuilder().setValue(ByteString.copyFromUtf8("{}")))
                        .build(),
                Empty.parser());
    }

    StateResponse state(String execId) {
        return call(
                "State", StateRequest.newBuilder().setId("c1").setExecId(execId).build(), StateResponse.parser());
    }

    WaitResponse await(String execId) {
        return call(
                "Wait", WaitRequest.newBuilder().setId("c1").setExecId(execId).build(), WaitResponse.parser());
    }

    DeleteResponse delete(String execId) {
        return call(
                "Delete",
                DeleteRequest.newBuilder().setId("c1").setExecId(execId).build(),
                DeleteResponse.parser());
    }
}
