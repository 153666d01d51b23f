package io.drydock.containerd.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.DeleteProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.DeleteTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.ExecProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetRequest;
import io.drydock.spec.containerd.services.tasks.v1.KillRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListPidsRequest;
import io.drydock.spec.containerd.services.tasks.v1.MetricsRequest;
import io.drydock.spec.containerd.services.tasks.v1.StartRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitResponse;
import io.drydock.spec.containerd.types.Mount;
import io.drydock.spec.containerd.types.task.Status;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our tasks service with containerd's own shim and runc behind it. */
@RequiresRoot
class OriginalShimTest {
    private static final Path SHIM = Path.of("/usr/bin/containerd-shim-runc-v2");
    private static final Path RUNC = Path.of("/usr/sbin/runc");
    private static final String ID = "original-" + ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private final RecordingBackend backend = new RecordingBackend();
    private Tasks tasks;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(SHIM) && Files.isExecutable(RUNC) && BusyboxBundle.available(),
                "needs the original shim, runc and busybox");
        Path root = BusyboxBundle.makeRoot(dir.resolve("busybox"));
        backend.runtime = SHIM.toString();
        backend.rootfs = Mount.newBuilder()
                .setType("bind")
                .setSource(root.toString())
                .addOptions("rbind")
                .addOptions("rw")
                .build();
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

    /** After a test that failed half-way, the container and its mount are still there. */
    @AfterEach
    void close() {
        if (tasks != null) {
            tasks.close();
        }
        Path rootfs = dir.resolve("state/io.containerd.runtime.v2.task/ns")
                .resolve(ID)
                .resolve("rootfs");
        if (Files.exists(rootfs)) {
            Command.of(RUNC.toString(), "--root", "/run/containerd/runc/ns", "delete", "-f", ID)
                    .run();
            Command.of("umount", "-l", rootfs.toString()).run();
        }
    }

    private TaskService service() {
        return (TaskService) tasks.service();
    }

    private void create(String script) {
        backend.spec = BusyboxBundle.spec(ID, script, false);
        Calls.call(
                service()::create,
                CreateTaskRequest.newBuilder()
                        .setContainerId(ID)
                        .setStdout("file://" + dir.resolve("out"))
                        .setStderr("file://" + dir.resolve("out"))
                        .build());
    }

    private void startProcess(String exec) {
        Calls.call(
                service()::start,
                StartRequest.newBuilder().setContainerId(ID).setExecId(exec).build());
    }

    private int await(String exec) {
        WaitResponse exit = Calls.call(
                service()::wait,
                WaitRequest.newBuilder().setContainerId(ID).setExecId(exec).build());
        return exit.getExitStatus();
    }

    private void kill() {
        Calls.call(
                service()::kill,
                KillRequest.newBuilder().setContainerId(ID).setSignal(9).build());
    }

    private int delete() {
        return Calls.call(
                        service()::delete,
                        DeleteTaskRequest.newBuilder().setContainerId(ID).build())
                .getExitStatus();
    }

    @Test
    void aContainerRunsAndItsEventsComeInOrder() throws Exception {
        create("echo hello; exit 7");
        startProcess("");
        assertThat(await("")).isEqualTo(7);
        assertThat(delete()).isEqualTo(7);
        assertThat(dir.resolve("out")).hasContent("hello");
        backend.expect("/tasks/create", "/tasks/start");
        RecordingBackend.Event exit = backend.next();
        assertThat(exit.exit().getExitStatus()).isEqualTo(7);
        backend.expect("/tasks/delete");
        assertThat(dir.resolve("state/io.containerd.runtime.v2.task/ns").resolve(ID))
                .doesNotExist();
    }

    @Test
    void execsPidsAndMetricsWork() {
        create("sleep 1000");
        startProcess("");
        Calls.call(
                service()::exec,
                ExecProcessRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId("e1")
                        .setSpec(Any.newBuilder()
                                .setTypeUrl("types.containerd.io/opencontainers/runtime-spec/1/Process")
                                .setValue(ByteString.copyFromUtf8(BusyboxBundle.process("exit 5", false))))
                        .build());
        startProcess("e1");
        assertThat(await("e1")).isEqualTo(5);
        Calls.call(
                service()::deleteProcess,
                DeleteProcessRequest.newBuilder()
                        .setContainerId(ID)
                        .setExecId("e1")
                        .build());
        assertThat(Calls.call(
                                service()::listPids,
                                ListPidsRequest.newBuilder().setContainerId(ID).build())
                        .getProcessesList())
                .isNotEmpty();
        assertThat(Calls.call(
                                service()::metrics,
                                MetricsRequest.newBuilder()
                                        .addFilters("id==" + ID)
                                        .build())
                        .getMetrics(0)
                        .getData()
                        .getTypeUrl())
                .startsWith("io.containerd.cgroups.");
        kill();
        assertThat(await("")).isEqualTo(137);
        delete();
    }

    @Test
    void theNextContainerdFindsTheContainerRunning() {
        create("sleep 1000");
        startProcess("");
        tasks.close();
        try {
            tasks = startTasks();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(Calls.call(
                                service()::get,
                                GetRequest.newBuilder().setContainerId(ID).build())
                        .getProcess()
                        .getStatus())
                .isEqualTo(Status.RUNNING);
        kill();
        assertThat(await("")).isEqualTo(137);
        delete();
    }

    @Test
    void aKilledShimEndsTheTaskAndNothingIsLeft() throws Exception {
        create("sleep 1000");
        startProcess("");
        int pid = Calls.call(
                        service()::get,
                        GetRequest.newBuilder().setContainerId(ID).build())
                .getProcess()
                .getPid();
        ProcessHandle init = ProcessHandle.of(pid).orElseThrow();
        init.parent().orElseThrow().destroyForcibly();
        RecordingBackend.Event event = backend.next();
        while (!event.topic().equals("/tasks/exit")) {
            event = backend.next();
        }
        assertThat(event.exit().getExitStatus()).isEqualTo(137);
        backend.expect("/tasks/delete");
        assertThat(dir.resolve("state/io.containerd.runtime.v2.task/ns").resolve(ID))
                .doesNotExist();
    }
}
