package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.TtrpcClient;
import io.drydock.rpc.TtrpcServer;
import io.drydock.runc.runtime.Stdio;
import io.drydock.runc.runtime.keeper.Zygote;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.runtime.task.v2.CloseIORequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import io.drydock.spec.containerd.runtime.task.v2.KillRequest;
import io.drydock.spec.containerd.runtime.task.v2.PauseRequest;
import io.drydock.spec.containerd.runtime.task.v2.ResumeRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartRequest;
import io.drydock.spec.containerd.runtime.task.v2.StartResponse;
import io.drydock.spec.containerd.runtime.task.v2.StateRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import io.drydock.spec.containerd.runtime.task.v2.WaitRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.types.task.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The task API over a real ttrpc connection, with a runtime that has no kernel behind it. */
class TasksTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private final FakeRuntime runtime = new FakeRuntime();
    private FakeContainerd containerd;
    private Poller poller;
    private EventQueue queue;
    private TtrpcServer server;
    private TtrpcClient client;

    @BeforeEach
    void start() throws IOException {
        containerd = new FakeContainerd(dir.resolve("c"));
        startShim();
    }

    private void startShim() throws IOException {
        Linux linux = Linux.system();
        poller = new Poller(linux, "test-poller");
        queue = new EventQueue(dir.resolve("c"));
        Tasks tasks = new Tasks(
                dir.resolve("records"),
                queue,
                new Runtimes(
                        new Zygote(Linux.system(), Path.of("/no/keeper")),
                        root -> runtime,
                        (name, root, systemd, bundle) -> runtime),
                new Stdios(linux, new Terminals(linux, poller)),
                new ExitWatch(linux, poller));
        tasks.adopt();
        queue.start();
        server = TtrpcServer.serve(dir.resolve("s"), new TaskService(tasks, () -> {}).services());
        client = TtrpcClient.connect(dir.resolve("s"));
    }

    /** As a kill does: nothing is told, nothing is closed in order. */
    private void killShim() {
        queue.close();
        client.close();
        server.close();
        poller.close();
    }

    @AfterEach
    void end() {
        killShim();
        containerd.close();
    }

    private <R extends MessageLite> R call(String method, MessageLite request, Parser<R> answer) {
        return client.call(
                TaskService.VERSION_3, method, request, answer, LONG, Map.of("containerd-namespace-ttrpc", "ns"));
    }

    private void create() {
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

    private void startProcess(String execId) {
        call("Start", StartRequest.newBuilder().setId("c1").setExecId(execId).build(), StartResponse.parser());
    }

    private void exec(String execId) {
        call(
                "Exec",
                ExecProcessRequest.newBuilder()
                        .setId("c1")
                        .setExecId(execId)
                        .setSpec(Any.newBuilder().setValue(ByteString.copyFromUtf8("{}")))
                        .build(),
                Empty.parser());
    }

    private StateResponse state(String execId) {
        return call(
                "State", StateRequest.newBuilder().setId("c1").setExecId(execId).build(), StateResponse.parser());
    }

    private WaitResponse await(String execId) {
        return call(
                "Wait", WaitRequest.newBuilder().setId("c1").setExecId(execId).build(), WaitResponse.parser());
    }

    private DeleteResponse delete(String execId) {
        return call(
                "Delete",
                DeleteRequest.newBuilder().setId("c1").setExecId(execId).build(),
                DeleteResponse.parser());
    }

    @Test
    void aTaskLivesAndItsEventsComeInOrder() throws Exception {
        create();
        assertThat(state("").getStatus()).isEqualTo(Status.CREATED);
        startProcess("");
        assertThat(state("").getStatus()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(() -> delete("")).hasMessage("cannot delete a running process");
        runtime.container("c1").init.end(3);
        WaitResponse exit = await("");
        assertThat(exit.getExitStatus()).isEqualTo(3);
        assertThat(exit.getExitedAt()).isEqualTo(Timestamps.of(FakeRuntime.ENDED));
        assertThat(state("").getStatus()).isEqualTo(Status.STOPPED);
        DeleteResponse deleted = delete("");
        assertThat(deleted.getPid()).isEqualTo(100);
        assertThat(deleted.getExitStatus()).isEqualTo(3);
        assertThat(runtime.containers).isEmpty();
        assertThatThrownBy(() -> state("")).hasMessage("container not created");
        Envelope created = containerd.next();
        assertThat(created.getTopic()).isEqualTo("/tasks/create");
        assertThat(created.getNamespace()).isEqualTo("ns");
        containerd.expect("/tasks/start", "/tasks/exit", "/tasks/delete");
    }

    @Test
    void anExecLivesAndIsDeleted() throws Exception {
        create();
        startProcess("");
        exec("e1");
        assertThatThrownBy(() -> exec("e1")).hasMessage("id e1 already exists");
        assertThat(state("e1").getStatus()).isEqualTo(Status.CREATED);
        startProcess("e1");
        assertThat(state("e1").getPid()).isEqualTo(101);
        call(
                "Kill",
                KillRequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setSignal(10)
                        .build(),
                Empty.parser());
        assertThat(runtime.container("c1").execs.getFirst().signal).isEqualTo(10);
        runtime.container("c1").execs.getFirst().end(7);
        assertThat(await("e1").getExitStatus()).isEqualTo(7);
        assertThat(delete("e1").getExitStatus()).isEqualTo(7);
        assertThatThrownBy(() -> state("e1")).hasMessage("process does not exist e1");
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exec-started", "/tasks/exit");
    }

    @Test
    void theInitsExitIsToldLastAndWhatSurvivesItIsKilled() throws Exception {
        create();
        startProcess("");
        exec("e1");
        startProcess("e1");
        runtime.container("c1").survivors.add(101);
        runtime.container("c1").init.end(0);
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exec-started");
        TaskExit first = TaskExit.parseFrom(containerd.next().getEvent().getValue());
        TaskExit second = TaskExit.parseFrom(containerd.next().getEvent().getValue());
        assertThat(first.getId()).isEqualTo("e1");
        assertThat(first.getExitStatus()).isEqualTo(137);
        assertThat(second.getId()).isEqualTo("c1");
    }

    @Test
    void aFailureKeepsTheRuntimesWords() {
        runtime.failure = "exec: \"foo\": executable file not found in $PATH";
        assertThatThrownBy(this::create)
                .isInstanceOf(RpcException.class)
                .hasMessage(
                        "OCI runtime create failed: runc create failed: exec: \"foo\": executable file not found in $PATH");
        runtime.failure = "";
        create();
    }

    @Test
    void aSignalToWhatHasEndedIsNotFound() {
        create();
        startProcess("");
        runtime.container("c1").init.end(0);
        await("");
        assertThatThrownBy(() -> call(
                        "Kill",
                        KillRequest.newBuilder().setId("c1").setSignal(15).build(),
                        Empty.parser()))
                .hasMessage("process already finished");
    }

    @Test
    void pausesAndResumes() throws Exception {
        create();
        startProcess("");
        call("Pause", PauseRequest.newBuilder().setId("c1").build(), Empty.parser());
        assertThat(state("").getStatus()).isEqualTo(Status.PAUSED);
        call("Resume", ResumeRequest.newBuilder().setId("c1").build(), Empty.parser());
        assertThat(state("").getStatus()).isEqualTo(Status.RUNNING);
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/paused", "/tasks/resumed");
    }

    @Test
    void eventsWaitForContainerd() throws Exception {
        containerd.close();
        create();
        startProcess("");
        containerd = new FakeContainerd(dir.resolve("c"));
        containerd.expect("/tasks/create", "/tasks/start");
    }

    @Test
    void aNewShimGoesOnWhereTheKilledOneWas() throws Exception {
        create();
        startProcess("");
        exec("e1");
        startProcess("e1");
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exec-started");
        exec("e2"); // The event behind it proves that the others are noted as sent.
        containerd.expect("/tasks/exec-added");
        killShim();
        runtime.container("c1").execs.getFirst().end(4);
        startShim();
        assertThat(await("e1").getExitStatus()).isEqualTo(4);
        assertThat(state("").getStatus()).isEqualTo(Status.RUNNING);
        runtime.container("c1").init.end(5);
        assertThat(await("").getExitStatus()).isEqualTo(5);
        delete("");
        Envelope next = containerd.next();
        if (next.getTopic().equals("/tasks/exec-added")) {
            next = containerd.next(); // The shim died before it had noted that containerd has it.
        }
        assertThat(TaskExit.parseFrom(next.getEvent().getValue()).getId()).isEqualTo("e1");
        containerd.expect("/tasks/exit", "/tasks/delete");
    }

    @Test
    void aNewShimTellsWhatTheKilledOneCouldNot() throws Exception {
        containerd.close();
        create();
        startProcess("");
        runtime.container("c1").init.end(6);
        await("");
        killShim();
        containerd = new FakeContainerd(dir.resolve("c"));
        startShim();
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exit");
        delete("");
        containerd.expect("/tasks/delete");
    }

    @Test
    void aNewShimRemovesWhatWasHalfMade() throws Exception {
        TaskRecord.create(
                dir.resolve("records"),
                "ns",
                CreateTaskRequest.newBuilder().setId("half").build());
        killShim();
        startShim();
        assertThat(runtime.discarded).containsExactly("half");
        assertThat(TaskRecord.all(dir.resolve("records"))).isEmpty();
    }

    @Test
    void aTaskWhoseClientTookItsFifosAwayIsTakenUp() throws Exception {
        Linux linux = Linux.system();
        Path fifo = dir.resolve("stdin");
        linux.files().mkfifo(fifo.toString(), 0600);
        call(
                "Create",
                CreateTaskRequest.newBuilder()
                        .setId("c1")
                        .setBundle("/b")
                        .setStdin(fifo.toString())
                        .build(),
                CreateTaskResponse.parser());
        startProcess("");
        killShim();
        Files.delete(fifo);
        Files.createDirectories(dir.resolve("records/ns/c2@1")); // Killed before it had noted what to make.
        startShim();
        assertThat(state("").getStatus()).isEqualTo(Status.RUNNING);
        assertThat(dir.resolve("records/ns/c2@1")).doesNotExist();
    }

    @Test
    void stdinThatIsClosedBeforeTheStartIsClosedAfterIt() throws Exception {
        Linux linux = Linux.system();
        String fifo = dir.resolve("stdin").toString();
        linux.files().mkfifo(fifo, 0600);
        create();
        startProcess("");
        call(
                "Exec",
                ExecProcessRequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setStdin(fifo)
                        .setSpec(Any.newBuilder().setValue(ByteString.copyFromUtf8("{}")))
                        .build(),
                Empty.parser());
        call(
                "CloseIO",
                CloseIORequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setStdin(true)
                        .build(),
                Empty.parser());
        startProcess("e1");
        try (Fd reader = linux.files().open(fifo, O.RDONLY | O.NONBLOCK)) {
            assertThat(linux.files().read(reader, ByteBuffer.allocateDirect(1)))
                    .as("the end of the input")
                    .isZero();
        }
    }

    @Test
    void withoutStdioTheProcessGetsNone() {
        create();
        assertThat(runtime.container("c1").init.stdio).isEqualTo(new Stdio.Descriptors(null, null, null, List.of()));
    }
}
