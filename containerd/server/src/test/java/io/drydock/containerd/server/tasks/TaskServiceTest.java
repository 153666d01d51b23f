package io.drydock.containerd.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import io.drydock.rpc.SocketPath;
import io.drydock.rpc.TtrpcClient;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.runc.CheckpointOptions;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.services.events.ttrpc.v1.ForwardRequest;
import io.drydock.spec.containerd.services.tasks.v1.CheckpointTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.CheckpointTaskResponse;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskResponse;
import io.drydock.spec.containerd.services.tasks.v1.DeleteResponse;
import io.drydock.spec.containerd.services.tasks.v1.DeleteTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetResponse;
import io.drydock.spec.containerd.services.tasks.v1.KillRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListTasksRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListTasksResponse;
import io.drydock.spec.containerd.services.tasks.v1.StartRequest;
import io.drydock.spec.containerd.services.tasks.v1.StartResponse;
import io.drydock.spec.containerd.services.tasks.v1.WaitRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitResponse;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.task.Status;
import io.drydock.testkit.RequiresRoot;
import io.grpc.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks service with a foreign shim behind it; the resident shim has its own tests, with real containers. */
class TaskServiceTest {
    private static final String SPEC = "{\"ociVersion\":\"1.0.2\"}";

    @TempDir
    Path dir;

    private final RecordingBackend backend = new RecordingBackend();
    private FakeShim shim;
    private Tasks tasks;

    @BeforeEach
    void start() throws IOException {
        shim = new FakeShim(dir.resolve("s"));
        backend.runtime = FakeShim.program(dir, dir.resolve("s")).toString();
        tasks = startTasks();
    }

    private Tasks startTasks() throws IOException {
        Files.createDirectories(dir.resolve("state"));
        return Tasks.start(
                new Tasks.Places(
                        dir.resolve("home"),
                        dir.resolve("root"),
                        dir.resolve("state"),
                        dir.resolve("c.sock"),
                        dir.resolve("c.sock.ttrpc")),
                backend,
                false);
    }

    @AfterEach
    void close() {
        tasks.close();
        shim.close();
    }

    private TaskService service() {
        return (TaskService) tasks.service();
    }

    private Path bundle() {
        return dir.resolve("state/io.containerd.runtime.v2.task/ns/c1");
    }

    private void create() {
        Calls.call(
                service()::create,
                CreateTaskRequest.newBuilder()
                        .setContainerId("c1")
                        .setStdout("/out")
                        .build());
    }

    @Test
    void aTaskGoesThroughItsLife() throws IOException {
        CreateTaskResponse created = Calls.call(
                service()::create,
                CreateTaskRequest.newBuilder()
                        .setContainerId("c1")
                        .setStdout("/out")
                        .setTerminal(true)
                        .build());
        assertThat(created.getPid()).isEqualTo(FakeShim.PID);
        var asked = (io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest) shim.requests.getFirst();
        assertThat(asked.getId()).isEqualTo("c1");
        assertThat(asked.getBundle()).isEqualTo(bundle().toString());
        assertThat(asked.getStdout()).isEqualTo("/out");
        assertThat(asked.getTerminal()).isTrue();
        assertThat(asked.getRootfsList()).containsExactly(RecordingBackend.ROOTFS);
        assertThat(bundle().resolve("config.json")).hasContent(SPEC);
        assertThat(bundle().resolve("rootfs")).isDirectory();

        StartResponse started = Calls.call(
                service()::start, StartRequest.newBuilder().setContainerId("c1").build());
        assertThat(started.getPid()).isEqualTo(FakeShim.PID);
        GetResponse got = Calls.call(
                service()::get, GetRequest.newBuilder().setContainerId("c1").build());
        assertThat(got.getProcess().getStatus()).isEqualTo(Status.RUNNING);
        ListTasksResponse list = Calls.call(service()::list, ListTasksRequest.getDefaultInstance());
        assertThat(list.getTasksList()).hasSize(1);

        Empty killed = Calls.call(
                service()::kill,
                KillRequest.newBuilder().setContainerId("c1").setSignal(9).build());
        assertThat(killed).isNotNull();
        WaitResponse exit = Calls.call(
                service()::wait, WaitRequest.newBuilder().setContainerId("c1").build());
        assertThat(exit.getExitStatus()).isEqualTo(137);
        assertThat(exit.getExitedAt().getSeconds()).isEqualTo(7);
        DeleteResponse deleted = Calls.call(
                service()::delete,
                DeleteTaskRequest.newBuilder().setContainerId("c1").build());
        assertThat(deleted.getExitStatus()).isEqualTo(137);
        assertThat(bundle()).doesNotExist();
        assertThat(dir.resolve("root/io.containerd.runtime.v2.task/ns/c1")).doesNotExist();
        assertThatThrownBy(() -> Calls.call(
                        service()::get,
                        GetRequest.newBuilder().setContainerId("c1").build()))
                .hasMessage("NOT_FOUND: task c1 not found");
    }

    @Test
    void aTaskThatCannotBeMadeLeavesNothing() {
        shim.failure = "OCI runtime create failed: no";
        assertThatThrownBy(this::create)
                .hasMessage("UNKNOWN: failed to create shim task: OCI runtime create failed: no");
        assertThat(bundle()).doesNotExist();
        shim.failure = "";
    }

    @Test
    void refusesRuntimesThatAreNotThere() {
        backend.runtime = "io.containerd.nothing.v1";
        assertThatThrownBy(this::create)
                .hasMessage("NOT_FOUND: runtime \"io.containerd.nothing.v1\" binary not "
                        + "installed \"containerd-shim-nothing-v1\": file does not exist");
        backend.runtime = "nothing";
        assertThatThrownBy(this::create).hasMessageContaining("INVALID_ARGUMENT: invalid runtime name nothing");
    }

    @Test
    void aSecondTaskOfAContainerIsRefused() {
        create();
        assertThatThrownBy(this::create).hasMessage("ALREADY_EXISTS: task c1: already exists");
    }

    @Test
    void aDeadShimEndsItsTaskOnce() throws Exception {
        create();
        shim.close();
        RecordingBackend.Event exit = backend.next();
        assertThat(exit.topic()).isEqualTo("/tasks/exit");
        assertThat(exit.exit().getContainerId()).isEqualTo("c1");
        assertThat(backend.next().topic()).isEqualTo("/tasks/delete");
        assertThat(dir.resolve("s.deleted")).content().contains("-id c1 -bundle " + bundle() + " delete");
        assertThat(bundle()).doesNotExist();
    }

    @Test
    void theNextContainerdTakesTheTasksUp() throws Exception {
        create();
        tasks.close();
        tasks = startTasks();
        GetResponse got = Calls.call(
                service()::get, GetRequest.newBuilder().setContainerId("c1").build());
        assertThat(got.getProcess().getPid()).isEqualTo(FakeShim.PID);
        shim.close();
        assertThat(backend.next().topic()).isEqualTo("/tasks/exit");
    }

    @Test
    void aShimThatDiedMeanwhileIsBuriedByTheNextContainerd() throws Exception {
        create();
        tasks.close();
        shim.close();
        tasks = startTasks();
        assertThat(backend.next().topic()).isEqualTo("/tasks/exit");
        assertThat(backend.next().topic()).isEqualTo("/tasks/delete");
        assertThat(bundle()).doesNotExist();
    }

    @Test
    @RequiresRoot
    void whatAShimHadMadeWhenItDiedIsDeletedByTheNext() throws Exception {
        Path own = Files.createDirectories(dir.resolve("home/bin")).resolve("containerd-shim-runc-v2");
        Files.writeString(own, "#!/bin/sh\n");
        assertThat(own.toFile().setExecutable(true)).isTrue();
        Path sockets = Files.createDirectories(Path.of("/run/containerd/s"));
        Path socket = SocketPath.hashed(sockets, dir.resolve("c.sock").toString());
        tasks.close();
        backend.runtime = own.toString();
        var next = new CompletableFuture<FakeShim>();
        try (FakeShim first = new FakeShim(socket)) {
            first.creating = () -> {
                first.close();
                try {
                    Files.deleteIfExists(socket);
                    next.complete(new FakeShim(socket));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
            tasks = startTasks();
            assertThatThrownBy(this::create).hasMessageContaining("failed to create shim task: ttrpc: closed");
            assertThat(next.get(30, TimeUnit.SECONDS).requests)
                    .containsExactly(DeleteRequest.newBuilder().setId("c1").build());
            assertThat(bundle()).doesNotExist();
        } finally {
            next.thenAccept(FakeShim::close);
            Files.deleteIfExists(socket);
        }
    }

    @Test
    void anExitThatIsToldTwiceHappensOnce() throws Exception {
        try (TtrpcClient client = TtrpcClient.connect(dir.resolve("c.sock.ttrpc"))) {
            forward(client, "/tasks/exit", exit(1));
            forward(client, "/tasks/exit", exit(1));
            forward(client, "/tasks/exit", exit(2));
        }
        assertThat(backend.next().exit().getPid()).isEqualTo(1);
        assertThat(backend.next().exit().getPid()).isEqualTo(2);
        assertThat(backend.events).isEmpty();
    }

    private static TaskExit exit(int pid) {
        return TaskExit.newBuilder()
                .setContainerId("c9")
                .setId("c9")
                .setPid(pid)
                .build();
    }

    private static void forward(TtrpcClient client, String topic, TaskExit exit) {
        client.call(
                "containerd.services.events.ttrpc.v1.Events",
                "Forward",
                ForwardRequest.newBuilder()
                        .setEnvelope(Envelope.newBuilder()
                                .setNamespace("ns")
                                .setTopic(topic)
                                .setEvent(Any.newBuilder()
                                        .setTypeUrl("containerd.events.TaskExit")
                                        .setValue(exit.toByteString())))
                        .build(),
                Empty.parser(),
                Duration.ofSeconds(30));
    }

    @Test
    void aTaskIsSavedAndRestored() throws Exception {
        create();
        CheckpointTaskResponse saved = Calls.call(
                service()::checkpoint,
                CheckpointTaskRequest.newBuilder().setContainerId("c1").build());
        assertThat(saved.getDescriptorsList())
                .extracting(Descriptor::getMediaType)
                .containsExactly(
                        "application/vnd.containerd.container.criu.checkpoint.criu.tar",
                        "application/vnd.containerd.container.checkpoint.config.v1+proto");
        assertThat(Any.parseFrom(Objects.requireNonNull(
                                backend.blobs.get(saved.getDescriptors(1).getDigest())))
                        .getValue()
                        .toStringUtf8())
                .isEqualTo(SPEC);
        var asked = (io.drydock.spec.containerd.runtime.task.v2.CheckpointTaskRequest) shim.requests.getLast();
        assertThat(Path.of(asked.getPath())).doesNotExist();

        Calls.call(
                service()::create,
                CreateTaskRequest.newBuilder()
                        .setContainerId("c2")
                        .setCheckpoint(saved.getDescriptors(0))
                        .build());

        assertThat(shim.restored).isEqualTo("memory");
        assertThat(bundle().resolveSibling("c2/checkpoint/pages.img")).exists();
        assertThatThrownBy(() -> Calls.call(
                        service()::create,
                        CreateTaskRequest.newBuilder()
                                .setContainerId("c3")
                                .setCheckpoint(saved.getDescriptors(1))
                                .build()))
                .hasMessageContaining("unsupported checkpoint type");
        assertThat(bundle().resolveSibling("c3")).doesNotExist();
    }

    @Test
    void whoNamesADirectoryGetsTheStateThere() {
        create();
        var options = Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.CheckpointOptions")
                .setValue(CheckpointOptions.newBuilder()
                        .setImagePath(dir.toString())
                        .build()
                        .toByteString());
        CheckpointTaskResponse saved = Calls.call(
                service()::checkpoint,
                CheckpointTaskRequest.newBuilder()
                        .setContainerId("c1")
                        .setOptions(options)
                        .build());
        assertThat(saved.getDescriptorsList()).isEmpty();
        assertThat(dir.resolve("pages.img")).hasContent("memory");
    }

    @Test
    void whoHasGoneIsNotWaitedForAnyMore() {
        create();
        try (var client = Context.current().withCancellation()) {
            client.cancel(null);
            assertThatThrownBy(() -> Calls.<WaitRequest, WaitResponse>call(
                            (request, out) -> client.run(() -> service().wait(request, out)),
                            WaitRequest.newBuilder().setContainerId("c1").build()))
                    .hasMessageContaining("CANCELLED");
        }
        // the shim's connection is as it was
        StartResponse started = Calls.call(
                service()::start, StartRequest.newBuilder().setContainerId("c1").build());
        assertThat(started.getPid()).isEqualTo(FakeShim.PID);
    }
}
