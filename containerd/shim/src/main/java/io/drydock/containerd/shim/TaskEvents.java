package io.drydock.containerd.shim;

import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.events.TaskCheckpointed;
import io.drydock.spec.containerd.events.TaskCreate;
import io.drydock.spec.containerd.events.TaskDelete;
import io.drydock.spec.containerd.events.TaskExecAdded;
import io.drydock.spec.containerd.events.TaskExecStarted;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.events.TaskIO;
import io.drydock.spec.containerd.events.TaskOOM;
import io.drydock.spec.containerd.events.TaskPaused;
import io.drydock.spec.containerd.events.TaskResumed;
import io.drydock.spec.containerd.events.TaskStart;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import java.time.Instant;

/**
 * The events of one task, in the words of containerd. Each is queued once; a new shim queues those that the journal does
 * not call sent. The caller holds the task's lock, so that the queue's order is the order of what happened.
 */
final class TaskEvents {
    static final String CREATE = "create";
    static final String START = "start";

    private final EventQueue queue;
    private final TaskRecord files;
    private final String namespace;
    private final String id;

    TaskEvents(EventQueue queue, TaskRecord files, String namespace, String id) {
        this.queue = queue;
        this.files = files;
        this.namespace = namespace;
        this.id = id;
    }

    /** What the journal calls the exit of a process. */
    static String exitOf(String execId) {
        return execId.isEmpty() ? "exit" : "exit " + execId;
    }

    static String addedOf(String execId) {
        return "exec-added " + execId;
    }

    static String startedOf(String execId) {
        return "exec-started " + execId;
    }

    void created(CreateTaskRequest request, int pid) {
        add(
                "/tasks/create",
                CREATE,
                "containerd.events.TaskCreate",
                TaskCreate.newBuilder()
                        .setContainerId(id)
                        .setBundle(request.getBundle())
                        .addAllRootfs(request.getRootfsList())
                        .setIo(TaskIO.newBuilder()
                                .setStdin(request.getStdin())
                                .setStdout(request.getStdout())
                                .setStderr(request.getStderr())
                                .setTerminal(request.getTerminal()))
                        .setCheckpoint(request.getCheckpoint())
                        .setPid(pid)
                        .build());
    }

    void started(int pid) {
        add(
                "/tasks/start",
                START,
                "containerd.events.TaskStart",
                TaskStart.newBuilder().setContainerId(id).setPid(pid).build());
    }

    void exited(String execId, int pid, Exited exit) {
        add(
                "/tasks/exit",
                exitOf(execId),
                "containerd.events.TaskExit",
                TaskExit.newBuilder()
                        .setContainerId(id)
                        .setId(execId.isEmpty() ? id : execId)
                        .setPid(pid)
                        .setExitStatus(exit.status())
                        .setExitedAt(Timestamps.of(exit.at()))
                        .build());
    }

    void execAdded(String execId) {
        add(
                "/tasks/exec-added",
                addedOf(execId),
                "containerd.events.TaskExecAdded",
                TaskExecAdded.newBuilder().setContainerId(id).setExecId(execId).build());
    }

    void execStarted(String execId, int pid) {
        add(
                "/tasks/exec-started",
                startedOf(execId),
                "containerd.events.TaskExecStarted",
                TaskExecStarted.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .setPid(pid)
                        .build());
    }

    void paused() {
        queue.add(
                namespace,
                "/tasks/paused",
                Instant.now(),
                "containerd.events.TaskPaused",
                TaskPaused.newBuilder().setContainerId(id).build(),
                () -> {});
    }

    void resumed() {
        queue.add(
                namespace,
                "/tasks/resumed",
                Instant.now(),
                "containerd.events.TaskResumed",
                TaskResumed.newBuilder().setContainerId(id).build(),
                () -> {});
    }

    void checkpointed(String path) {
        queue.add(
                namespace,
                "/tasks/checkpointed",
                Instant.now(),
                "containerd.events.TaskCheckpointed",
                TaskCheckpointed.newBuilder()
                        .setContainerId(id)
                        .setCheckpoint(path)
                        .build(),
                () -> {});
    }

    void outOfMemory() {
        queue.add(
                namespace,
                "/tasks/oom",
                Instant.now(),
                "containerd.events.TaskOOM",
                TaskOOM.newBuilder().setContainerId(id).build(),
                () -> {});
    }

    /** The last one. The task's files go when containerd has it. */
    void deleted(int pid, Exited exit) {
        queue.add(
                namespace,
                "/tasks/delete",
                Instant.now(),
                "containerd.events.TaskDelete",
                TaskDelete.newBuilder()
                        .setContainerId(id)
                        .setPid(pid)
                        .setExitStatus(exit.status())
                        .setExitedAt(Timestamps.of(exit.at()))
                        .build(),
                files::removeQuietly);
    }

    private void add(String topic, String name, String type, MessageLite event) {
        queue.add(namespace, topic, Instant.now(), type, event, () -> files.noteSent(name));
    }
}
