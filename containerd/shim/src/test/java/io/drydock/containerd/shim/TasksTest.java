package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.Stdio;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.runtime.task.v2.CloseIORequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import io.drydock.spec.containerd.runtime.task.v2.KillRequest;
import io.drydock.spec.containerd.runtime.task.v2.PauseRequest;
import io.drydock.spec.containerd.runtime.task.v2.ResumeRequest;
import io.drydock.spec.containerd.runtime.task.v2.WaitResponse;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.types.task.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The task API over a real ttrpc connection, with a runtime that has no kernel behind it. */
class TasksTest {
    @TempDir
    Path dir;

    private TestShim shim;
    private FakeRuntime runtime;
    private FakeContainerd containerd;

    @BeforeEach
    void start() throws IOException {
        shim = new TestShim(dir);
        runtime = shim.runtime;
        containerd = shim.containerd;
    }

    @AfterEach
    void end() {
        shim.close();
    }

    @Test
    void aTaskLivesAndItsEventsComeInOrder() throws Exception {
        shim.create();
        assertThat(shim.state("").getStatus()).isEqualTo(Status.CREATED);
        shim.startProcess("");
        assertThat(shim.state("").getStatus()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(() -> shim.delete("")).hasMessage("cannot delete a running process");
        runtime.container("c1").init.end(3);
        WaitResponse exit = shim.await("");
        assertThat(exit.getExitStatus()).isEqualTo(3);
        assertThat(exit.getExitedAt()).isEqualTo(Timestamps.of(FakeRuntime.ENDED));
        assertThat(shim.state("").getStatus()).isEqualTo(Status.STOPPED);
        DeleteResponse deleted = shim.delete("");
        assertThat(deleted.getPid()).isEqualTo(100);
        assertThat(deleted.getExitStatus()).isEqualTo(3);
        assertThat(runtime.containers).isEmpty();
        assertThatThrownBy(() -> shim.state("")).hasMessage("container not created");
        Envelope created = containerd.next();
        assertThat(created.getTopic()).isEqualTo("/tasks/create");
        assertThat(created.getNamespace()).isEqualTo("ns");
        containerd.expect("/tasks/start", "/tasks/exit", "/tasks/delete");
    }

    @Test
    void anExecLivesAndIsDeleted() throws Exception {
        shim.create();
        shim.startProcess("");
        shim.exec("e1");
        assertThatThrownBy(() -> shim.exec("e1")).hasMessage("id e1 already exists");
        assertThat(shim.state("e1").getStatus()).isEqualTo(Status.CREATED);
        shim.startProcess("e1");
        assertThat(shim.state("e1").getPid()).isEqualTo(101);
        shim.call(
                "Kill",
                KillRequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setSignal(10)
                        .build(),
                Empty.parser());
        assertThat(runtime.container("c1").execs.getFirst().signal).isEqualTo(10);
        runtime.container("c1").execs.getFirst().end(7);
        assertThat(shim.await("e1").getExitStatus()).isEqualTo(7);
        assertThat(shim.delete("e1").getExitStatus()).isEqualTo(7);
        assertThatThrownBy(() -> shim.state("e1")).hasMessage("process does not exist e1");
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exec-started", "/tasks/exit");
    }

    @Test
    void theInitsExitIsToldLastAndWhatSurvivesItIsKilled() throws Exception {
        shim.create();
        shim.startProcess("");
        shim.exec("e1");
        shim.startProcess("e1");
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
        assertThatThrownBy(shim::create)
                .isInstanceOf(RpcException.class)
                .hasMessage(
                        "OCI runtime create failed: runc create failed: exec: \"foo\": executable file not found in $PATH");
        runtime.failure = "";
        shim.create();
    }

    @Test
    void aSignalToWhatHasEndedIsNotFound() {
        shim.create();
        shim.startProcess("");
        runtime.container("c1").init.end(0);
        shim.await("");
        assertThatThrownBy(() -> shim.call(
                        "Kill",
                        KillRequest.newBuilder().setId("c1").setSignal(15).build(),
                        Empty.parser()))
                .hasMessage("process already finished");
    }

    @Test
    void pausesAndResumes() throws Exception {
        shim.create();
        shim.startProcess("");
        shim.call("Pause", PauseRequest.newBuilder().setId("c1").build(), Empty.parser());
        assertThat(shim.state("").getStatus()).isEqualTo(Status.PAUSED);
        shim.call("Resume", ResumeRequest.newBuilder().setId("c1").build(), Empty.parser());
        assertThat(shim.state("").getStatus()).isEqualTo(Status.RUNNING);
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/paused", "/tasks/resumed");
    }

    @Test
    void aKillForWantOfMemoryIsToldAtOnceAndOnce() throws Exception {
        shim.create();
        shim.startProcess("");
        containerd.expect("/tasks/create", "/tasks/start");
        // version 1 says so before it counts the kill, of a process that is not the init
        shim.outOfMemory.run();
        containerd.expect("/tasks/oom");
        runtime.container("c1").oomKills = 1;
        runtime.container("c1").init.end(0);
        containerd.expect("/tasks/exit");
        shim.outOfMemory.run(); // as version 1 does when the group is removed
        shim.delete("");
        containerd.expect("/tasks/delete");
    }

    @Test
    void aKillForWantOfMemoryThatNobodySaidIsToldBeforeTheExitItExplains() throws Exception {
        shim.create();
        shim.startProcess("");
        runtime.container("c1").oomKills = 1;
        runtime.container("c1").init.end(137);
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/oom", "/tasks/exit");
    }

    @Test
    void sandboxesAreAnothersBusiness() {
        assertThatThrownBy(() -> shim.call(
                        "containerd.runtime.sandbox.v1.Sandbox",
                        "StartSandbox",
                        Empty.getDefaultInstance(),
                        Empty.parser()))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.code()).isEqualTo(StatusCode.UNIMPLEMENTED));
    }

    @Test
    void eventsWaitForContainerd() throws Exception {
        shim.containerdIsAway();
        shim.create();
        shim.startProcess("");
        containerd = shim.containerdIsBack();
        containerd.expect("/tasks/create", "/tasks/start");
    }

    @Test
    void aNewShimGoesOnWhereTheKilledOneWas() throws Exception {
        shim.create();
        shim.startProcess("");
        shim.exec("e1");
        shim.startProcess("e1");
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exec-added", "/tasks/exec-started");
        shim.exec("e2"); // The event behind it proves that the others are noted as sent.
        containerd.expect("/tasks/exec-added");
        shim.kill();
        runtime.container("c1").execs.getFirst().end(4);
        shim.start();
        assertThat(shim.await("e1").getExitStatus()).isEqualTo(4);
        assertThat(shim.state("").getStatus()).isEqualTo(Status.RUNNING);
        runtime.container("c1").init.end(5);
        assertThat(shim.await("").getExitStatus()).isEqualTo(5);
        shim.delete("");
        Envelope next = containerd.next();
        if (next.getTopic().equals("/tasks/exec-added")) {
            next = containerd.next(); // The shim died before it had noted that containerd has it.
        }
        assertThat(TaskExit.parseFrom(next.getEvent().getValue()).getId()).isEqualTo("e1");
        containerd.expect("/tasks/exit", "/tasks/delete");
    }

    @Test
    void aNewShimTellsWhatTheKilledOneCouldNot() throws Exception {
        shim.containerdIsAway();
        shim.create();
        shim.startProcess("");
        runtime.container("c1").init.end(6);
        shim.await("");
        shim.kill();
        containerd = shim.containerdIsBack();
        shim.start();
        containerd.expect("/tasks/create", "/tasks/start", "/tasks/exit");
        shim.delete("");
        containerd.expect("/tasks/delete");
    }

    @Test
    void aNewShimRemovesWhatWasHalfMade() throws Exception {
        TaskRecord.create(
                dir.resolve("records"),
                "ns",
                CreateTaskRequest.newBuilder().setId("half").build());
        shim.kill();
        shim.start();
        assertThat(runtime.discarded).containsExactly("half");
        assertThat(TaskRecord.all(dir.resolve("records"))).isEmpty();
    }

    @Test
    void aTaskWhoseClientTookItsFifosAwayIsTakenUp() throws Exception {
        Linux linux = Linux.system();
        Path fifo = dir.resolve("stdin");
        linux.files().mkfifo(fifo.toString(), 0600);
        shim.call(
                "Create",
                CreateTaskRequest.newBuilder()
                        .setId("c1")
                        .setBundle("/b")
                        .setStdin(fifo.toString())
                        .build(),
                CreateTaskResponse.parser());
        shim.startProcess("");
        shim.kill();
        Files.delete(fifo);
        Files.createDirectories(dir.resolve("records/ns/c2@1")); // Killed before it had noted what to make.
        shim.start();
        assertThat(shim.state("").getStatus()).isEqualTo(Status.RUNNING);
        assertThat(dir.resolve("records/ns/c2@1")).doesNotExist();
    }

    @Test
    void stdinThatIsClosedBeforeTheStartIsClosedAfterIt() throws Exception {
        Linux linux = Linux.system();
        String fifo = dir.resolve("stdin").toString();
        linux.files().mkfifo(fifo, 0600);
        shim.create();
        shim.startProcess("");
        shim.call(
                "Exec",
                ExecProcessRequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setStdin(fifo)
                        .setSpec(Any.newBuilder().setValue(ByteString.copyFromUtf8("{}")))
                        .build(),
                Empty.parser());
        shim.call(
                "CloseIO",
                CloseIORequest.newBuilder()
                        .setId("c1")
                        .setExecId("e1")
                        .setStdin(true)
                        .build(),
                Empty.parser());
        shim.startProcess("e1");
        try (Fd reader = linux.files().open(fifo, O.RDONLY | O.NONBLOCK)) {
            assertThat(linux.files().read(reader, ByteBuffer.allocateDirect(1)))
                    .as("the end of the input")
                    .isZero();
        }
    }

    @Test
    void withoutStdioTheProcessGetsNone() {
        shim.create();
        assertThat(runtime.container("c1").init.stdio).isEqualTo(new Stdio.Descriptors(null, null, null, List.of()));
    }
}
