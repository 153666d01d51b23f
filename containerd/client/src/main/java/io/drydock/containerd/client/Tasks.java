package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.spec.containerd.runc.ProcessDetails;
import io.drydock.spec.containerd.services.tasks.v1.CloseIORequest;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.DeleteProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.DeleteResponse;
import io.drydock.spec.containerd.services.tasks.v1.DeleteTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.ExecProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetRequest;
import io.drydock.spec.containerd.services.tasks.v1.KillRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListPidsRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListTasksRequest;
import io.drydock.spec.containerd.services.tasks.v1.MetricsRequest;
import io.drydock.spec.containerd.services.tasks.v1.PauseTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.ResizePtyRequest;
import io.drydock.spec.containerd.services.tasks.v1.ResumeTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.StartRequest;
import io.drydock.spec.containerd.services.tasks.v1.TasksGrpc;
import io.drydock.spec.containerd.services.tasks.v1.UpdateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitResponse;
import io.drydock.spec.containerd.types.task.Process;
import io.drydock.spec.containerd.types.task.ProcessInfo;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks: the running side of containers. Wherever an exec id is asked for, {@link #INIT} means the container's init. All
 * methods throw {@link ContainerdException}.
 */
public final class Tasks {
    /** The exec id of a container's init. */
    public static final String INIT = "";

    private static final String SPEC = "types.containerd.io/opencontainers/runtime-spec/1/";
    private static final int KILL = 9;
    private static final Duration CREATE = Duration.ofMinutes(2);

    private final Channel channel;

    Tasks(Channel channel) {
        this.channel = channel;
    }

    /**
     * Makes the task of a container: mounts, namespaces, and an init that waits for {@link #start}.
     *
     * @param rootfs mounted in this order on the bundle's rootfs; empty to use the container's snapshot
     * @param options of the runtime, null for those of the container
     * @return the init's pid
     */
    public int create(String containerId, List<Mount> rootfs, Stdio stdio, @Nullable RuncOptions options) {
        CreateTaskRequest.Builder request = CreateTaskRequest.newBuilder()
                .setContainerId(containerId)
                .setStdin(stdio.stdin())
                .setStdout(stdio.stdout())
                .setStderr(stdio.stderr())
                .setTerminal(stdio.terminal());
        for (Mount mount : rootfs) {
            request.addRootfs(Mounts.toProto(mount));
        }
        if (options != null) {
            request.setOptions(options.toAny());
        }
        return Connection.call(channel, TasksGrpc.getCreateMethod(), request.build(), CREATE)
                .getPid();
    }

    /** Starts the init, or an exec made by {@link #exec}; returns its pid. */
    public int start(String containerId, String execId) {
        StartRequest request = StartRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .build();
        return Connection.call(channel, TasksGrpc.getStartMethod(), request, CREATE)
                .getPid();
    }

    /**
     * Makes an exec, which {@link #start} then runs.
     *
     * @param process an OCI process as JSON
     */
    public void exec(String containerId, String execId, byte[] process, Stdio stdio) {
        ask(
                TasksGrpc.getExecMethod(),
                ExecProcessRequest.newBuilder()
                        .setContainerId(containerId)
                        .setExecId(execId)
                        .setSpec(json("Process", process))
                        .setStdin(stdio.stdin())
                        .setStdout(stdio.stdout())
                        .setStderr(stdio.stderr())
                        .setTerminal(stdio.terminal())
                        .build());
    }

    /** Sends a signal, to every process of the container if {@code all}. */
    public void kill(String containerId, String execId, int signal, boolean all) {
        ask(
                TasksGrpc.getKillMethod(),
                KillRequest.newBuilder()
                        .setContainerId(containerId)
                        .setExecId(execId)
                        .setSignal(signal)
                        .setAll(all)
                        .build());
    }

    /** Waits until the process has ended, for ever; from any number of threads, also after it ended. */
    public Exit await(String containerId, String execId) {
        WaitRequest request = WaitRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .build();
        WaitResponse exit = Connection.call(channel, TasksGrpc.getWaitMethod(), request, null);
        return new Exit(0, exit.getExitStatus(), Connection.instant(exit.getExitedAt()));
    }

    /** Deletes a task whose init has ended, with its bundle. */
    public Exit delete(String containerId) {
        DeleteTaskRequest request =
                DeleteTaskRequest.newBuilder().setContainerId(containerId).build();
        return exit(Connection.call(channel, TasksGrpc.getDeleteMethod(), request, CREATE));
    }

    /** Deletes a task whatever it does: what still runs is killed before, and its end waited for; as patient as a creation. */
    public Exit deleteByForce(String containerId) {
        KillRequest kill = KillRequest.newBuilder()
                .setContainerId(containerId)
                .setSignal(KILL)
                .setAll(true)
                .build();
        try {
            Connection.call(channel, TasksGrpc.getKillMethod(), kill, CREATE);
        } catch (ContainerdException e) {
            if (!e.notFound()) {
                throw e;
            }
            // it has ended already, or there is none: the next calls tell which
        }
        WaitRequest request =
                WaitRequest.newBuilder().setContainerId(containerId).build();
        Connection.call(channel, TasksGrpc.getWaitMethod(), request, CREATE);
        return delete(containerId);
    }

    /** Forgets an exec that has ended. */
    public Exit deleteExec(String containerId, String execId) {
        DeleteProcessRequest request = DeleteProcessRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .build();
        return exit(ask(TasksGrpc.getDeleteProcessMethod(), request));
    }

    /** The state of the init or an exec. */
    public TaskProcess get(String containerId, String execId) {
        GetRequest request = GetRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .build();
        return process(ask(TasksGrpc.getGetMethod(), request).getProcess());
    }

    /** The init of every task in the namespace. */
    public List<TaskProcess> list() {
        return ask(TasksGrpc.getListMethod(), ListTasksRequest.getDefaultInstance()).getTasksList().stream()
                .map(Tasks::process)
                .toList();
    }

    /** Changes a terminal's size, in characters. */
    public void resize(String containerId, String execId, int width, int height) {
        ask(
                TasksGrpc.getResizePtyMethod(),
                ResizePtyRequest.newBuilder()
                        .setContainerId(containerId)
                        .setExecId(execId)
                        .setWidth(width)
                        .setHeight(height)
                        .build());
    }

    /** Lets the process read the end of its stdin. */
    public void closeStdin(String containerId, String execId) {
        ask(
                TasksGrpc.getCloseIOMethod(),
                CloseIORequest.newBuilder()
                        .setContainerId(containerId)
                        .setExecId(execId)
                        .setStdin(true)
                        .build());
    }

    /** Freezes every process of the container. */
    public void pause(String containerId) {
        ask(
                TasksGrpc.getPauseMethod(),
                PauseTaskRequest.newBuilder().setContainerId(containerId).build());
    }

    /** Thaws what {@link #pause} froze. */
    public void resume(String containerId) {
        ask(
                TasksGrpc.getResumeMethod(),
                ResumeTaskRequest.newBuilder().setContainerId(containerId).build());
    }

    /** A process of a container as the host sees it; the exec id is null if it is no exec known to the shim. */
    public record Pid(int pid, @Nullable String execId) {}

    /** Every process of the container. */
    public List<Pid> pids(String containerId) {
        ListPidsRequest request =
                ListPidsRequest.newBuilder().setContainerId(containerId).build();
        return ask(TasksGrpc.getListPidsMethod(), request).getProcessesList().stream()
                .map(Tasks::pid)
                .toList();
    }

    /**
     * Changes the limits of a running container.
     *
     * @param resources OCI LinuxResources as JSON
     */
    public void update(String containerId, byte[] resources) {
        ask(
                TasksGrpc.getUpdateMethod(),
                UpdateTaskRequest.newBuilder()
                        .setContainerId(containerId)
                        .setResources(json("LinuxResources", resources))
                        .build());
    }

    /**
     * The cgroup's numbers: an {@code io.containerd.cgroups.v1.Metrics} or {@code io.containerd.cgroups.v2.Metrics}.
     * Null if the task has just ended.
     */
    public @Nullable Any metrics(String containerId) {
        MetricsRequest request =
                MetricsRequest.newBuilder().addFilters("id==" + containerId).build();
        return ask(TasksGrpc.getMetricsMethod(), request).getMetricsList().stream()
                .map(metric -> metric.getData())
                .findFirst()
                .orElse(null);
    }

    private <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
        return Connection.call(channel, method, request, Connection.SHORT);
    }

    private static Any json(String type, byte[] json) {
        return Any.newBuilder()
                .setTypeUrl(SPEC + type)
                .setValue(ByteString.copyFrom(json))
                .build();
    }

    private static Exit exit(DeleteResponse exit) {
        return new Exit(exit.getPid(), exit.getExitStatus(), Connection.instant(exit.getExitedAt()));
    }

    private static TaskProcess process(Process process) {
        TaskProcess.Status status =
                switch (process.getStatus()) {
                    case CREATED -> TaskProcess.Status.CREATED;
                    case RUNNING -> TaskProcess.Status.RUNNING;
                    case STOPPED -> TaskProcess.Status.STOPPED;
                    case PAUSED -> TaskProcess.Status.PAUSED;
                    case PAUSING -> TaskProcess.Status.PAUSING;
                    case UNKNOWN, UNRECOGNIZED -> TaskProcess.Status.UNKNOWN;
                };
        Stdio stdio = new Stdio(process.getStdin(), process.getStdout(), process.getStderr(), process.getTerminal());
        return new TaskProcess(
                process.getContainerId(),
                process.getId(),
                process.getPid(),
                status,
                stdio,
                process.getExitStatus(),
                Connection.instant(process.getExitedAt()));
    }

    private static Pid pid(ProcessInfo info) {
        try {
            String exec = info.hasInfo()
                    ? ProcessDetails.parseFrom(info.getInfo().getValue()).getExecId()
                    : "";
            return new Pid(info.getPid(), exec.isEmpty() ? null : exec);
        } catch (InvalidProtocolBufferException e) {
            throw new ContainerdException(ContainerdException.Kind.INTERNAL, "process details: " + e.getMessage(), e);
        }
    }
}
