package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.drydock.linux.Failpoint;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.runtime.task.v2.PidsRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateRequest;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import io.drydock.spec.containerd.runtime.task.v2.StatsRequest;
import io.drydock.spec.containerd.services.tasks.v1.CheckpointTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.CheckpointTaskResponse;
import io.drydock.spec.containerd.services.tasks.v1.CloseIORequest;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.CreateTaskResponse;
import io.drydock.spec.containerd.services.tasks.v1.DeleteProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.DeleteResponse;
import io.drydock.spec.containerd.services.tasks.v1.DeleteTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.ExecProcessRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetRequest;
import io.drydock.spec.containerd.services.tasks.v1.GetResponse;
import io.drydock.spec.containerd.services.tasks.v1.KillRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListPidsRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListPidsResponse;
import io.drydock.spec.containerd.services.tasks.v1.ListTasksRequest;
import io.drydock.spec.containerd.services.tasks.v1.ListTasksResponse;
import io.drydock.spec.containerd.services.tasks.v1.MetricsRequest;
import io.drydock.spec.containerd.services.tasks.v1.MetricsResponse;
import io.drydock.spec.containerd.services.tasks.v1.PauseTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.ResizePtyRequest;
import io.drydock.spec.containerd.services.tasks.v1.ResumeTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.StartRequest;
import io.drydock.spec.containerd.services.tasks.v1.StartResponse;
import io.drydock.spec.containerd.services.tasks.v1.TasksGrpc;
import io.drydock.spec.containerd.services.tasks.v1.UpdateTaskRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitRequest;
import io.drydock.spec.containerd.services.tasks.v1.WaitResponse;
import io.drydock.spec.containerd.types.Metric;
import io.drydock.spec.containerd.types.Mount;
import io.drydock.spec.containerd.types.task.Process;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The gRPC side of tasks: finds the task and passes the call on to its shim, with the shim's own messages. */
final class TaskService extends TasksGrpc.TasksImplBase {
    private static final int SIGKILL = 9;

    private final TaskTable tasks;
    private final TaskBackend backend;
    private final SavedTasks saved;

    TaskService(TaskTable tasks, TaskBackend backend, SavedTasks saved) {
        this.tasks = tasks;
        this.backend = backend;
        this.saved = saved;
    }

    @Override
    public void create(CreateTaskRequest request, StreamObserver<CreateTaskResponse> out) {
        answer(out, () -> {
            String namespace = backend.namespace();
            TaskContainer container = backend.container(namespace, request.getContainerId());
            List<Mount> rootfs = request.getRootfsList();
            if (rootfs.isEmpty() && !container.snapshotKey().isEmpty()) {
                rootfs = backend.mounts(namespace, container.snapshotter(), container.snapshotKey());
            }
            Any options = request.hasOptions() ? request.getOptions() : container.options();
            var shim = io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest.newBuilder()
                    .setId(container.id())
                    .addAllRootfs(rootfs)
                    .setTerminal(request.getTerminal())
                    .setStdin(request.getStdin())
                    .setStdout(request.getStdout())
                    .setStderr(request.getStderr());
            if (!options.getTypeUrl().isEmpty()) {
                shim.setOptions(options);
            }
            String runtime = request.getRuntimePath().isEmpty() ? container.runtime() : request.getRuntimePath();
            var key = new TaskKey(namespace, container.id());
            byte[] spec = container.spec().getValue().toByteArray();
            shim.setCheckpoint(SavedTasks.given(request.getOptions()));
            CreateTaskResponse.Builder created = CreateTaskResponse.newBuilder().setContainerId(container.id());
            if (!request.hasCheckpoint() || !shim.getCheckpoint().isEmpty()) {
                return created.setPid(tasks.create(key, runtime, options, spec, shim, null)
                                .getPid())
                        .build();
            }
            try (InputStream state = saved.open(namespace, request.getCheckpoint())) {
                var made = tasks.create(key, runtime, options, spec, shim, directory -> saved.unpack(state, directory));
                return created.setPid(made.getPid()).build();
            } catch (IOException e) {
                throw new RpcException(StatusCode.UNKNOWN, "open checkpoint: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public void start(StartRequest request, StreamObserver<StartResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            Failpoint.at("start.asked");
            int pid = task.change(shim -> shim.start(
                            task.namespace(),
                            io.drydock.spec.containerd.runtime.task.v2.StartRequest.newBuilder()
                                    .setId(task.id())
                                    .setExecId(request.getExecId())
                                    .build()))
                    .getPid();
            return StartResponse.newBuilder().setPid(pid).build();
        });
    }

    @Override
    public void delete(DeleteTaskRequest request, StreamObserver<DeleteResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            return deleted(task.id(), tasks.delete(task));
        });
    }

    @Override
    public void deleteProcess(DeleteProcessRequest request, StreamObserver<DeleteResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            return deleted(
                    request.getExecId(),
                    task.change(shim -> shim.delete(
                            task.namespace(),
                            io.drydock.spec.containerd.runtime.task.v2.DeleteRequest.newBuilder()
                                    .setId(task.id())
                                    .setExecId(request.getExecId())
                                    .build())));
        });
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            return GetResponse.newBuilder()
                    .setProcess(process(task, state(task, request.getExecId())))
                    .build();
        });
    }

    @Override
    public void list(ListTasksRequest request, StreamObserver<ListTasksResponse> out) {
        answer(out, () -> {
            String namespace = backend.namespace();
            ListTasksResponse.Builder list = ListTasksResponse.newBuilder();
            var states = tasks.residentStates(namespace);
            for (Task task : tasks.list(namespace)) {
                StateResponse state = states.get(task.id());
                Process process = state == null ? processIfThere(task) : process(task, state);
                if (process != null) {
                    list.addTasks(process);
                }
            }
            return list.build();
        });
    }

    @Override
    public void kill(KillRequest request, StreamObserver<Empty> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            Function<ShimClient, Empty> kill = shim -> {
                shim.kill(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.KillRequest.newBuilder()
                                .setId(task.id())
                                .setExecId(request.getExecId())
                                .setSignal(request.getSignal())
                                .setAll(request.getAll())
                                .build());
                return Empty.getDefaultInstance();
            };
            // another signal may not come twice
            return request.getSignal() == SIGKILL ? task.ask(kill) : task.change(kill);
        });
    }

    @Override
    public void exec(ExecProcessRequest request, StreamObserver<Empty> out) {
        if (request.getExecId().isEmpty()) {
            out.onError(Status.INVALID_ARGUMENT
                    .withDescription("exec id cannot be empty")
                    .asRuntimeException());
            return;
        }
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.exec(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest.newBuilder()
                                .setId(task.id())
                                .setExecId(request.getExecId())
                                .setTerminal(request.getTerminal())
                                .setStdin(request.getStdin())
                                .setStdout(request.getStdout())
                                .setStderr(request.getStderr())
                                .setSpec(request.getSpec())
                                .build()));
    }

    @Override
    public void resizePty(ResizePtyRequest request, StreamObserver<Empty> out) {
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.resizePty(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.ResizePtyRequest.newBuilder()
                                .setId(task.id())
                                .setExecId(request.getExecId())
                                .setWidth(request.getWidth())
                                .setHeight(request.getHeight())
                                .build()));
    }

    @Override
    public void closeIO(CloseIORequest request, StreamObserver<Empty> out) {
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.closeIo(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.CloseIORequest.newBuilder()
                                .setId(task.id())
                                .setExecId(request.getExecId())
                                .setStdin(request.getStdin())
                                .build()));
    }

    @Override
    public void pause(PauseTaskRequest request, StreamObserver<Empty> out) {
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.pause(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.PauseRequest.newBuilder()
                                .setId(task.id())
                                .build()));
    }

    @Override
    public void resume(ResumeTaskRequest request, StreamObserver<Empty> out) {
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.resume(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.ResumeRequest.newBuilder()
                                .setId(task.id())
                                .build()));
    }

    @Override
    public void listPids(ListPidsRequest request, StreamObserver<ListPidsResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            return ListPidsResponse.newBuilder()
                    .addAllProcesses(task.ask(shim -> shim.pids(
                                    task.namespace(),
                                    PidsRequest.newBuilder().setId(task.id()).build()))
                            .getProcessesList())
                    .build();
        });
    }

    @Override
    public void checkpoint(CheckpointTaskRequest request, StreamObserver<CheckpointTaskResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            TaskContainer container = backend.container(task.namespace(), task.id());
            try {
                return CheckpointTaskResponse.newBuilder()
                        .addAllDescriptors(saved.save(task, container, request.getOptions()))
                        .build();
            } catch (IOException e) {
                throw new RpcException(StatusCode.UNKNOWN, "checkpoint task: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public void update(UpdateTaskRequest request, StreamObserver<Empty> out) {
        run(
                out,
                request.getContainerId(),
                (shim, task) -> shim.update(
                        task.namespace(),
                        io.drydock.spec.containerd.runtime.task.v2.UpdateTaskRequest.newBuilder()
                                .setId(task.id())
                                .setResources(request.getResources())
                                .putAllAnnotations(request.getAnnotationsMap())
                                .build()));
    }

    @Override
    public void metrics(MetricsRequest request, StreamObserver<MetricsResponse> out) {
        answer(out, () -> {
            TaskFilter filter = TaskFilter.parse(request.getFiltersList());
            MetricsResponse.Builder metrics = MetricsResponse.newBuilder();
            for (Task task : tasks.list(backend.namespace())) {
                if (filter.matches(task)) {
                    sample(task, metrics);
                }
            }
            return metrics.build();
        });
    }

    @Override
    public void wait(WaitRequest request, StreamObserver<WaitResponse> out) {
        answer(out, () -> {
            Task task = task(request.getContainerId());
            var exit = task.ask(shim -> shim.await(
                    task.namespace(),
                    io.drydock.spec.containerd.runtime.task.v2.WaitRequest.newBuilder()
                            .setId(task.id())
                            .setExecId(request.getExecId())
                            .build()));
            return WaitResponse.newBuilder()
                    .setExitStatus(exit.getExitStatus())
                    .setExitedAt(exit.getExitedAt())
                    .build();
        });
    }

    private Task task(String id) {
        String namespace = backend.namespace();
        try {
            return tasks.get(namespace, id);
        } catch (RpcException e) {
            backend.container(namespace, id); // If there is no container either, that is the better answer.
            throw e;
        }
    }

    private StateResponse state(Task task, String execId) {
        try {
            return task.ask(shim -> shim.state(
                    task.namespace(),
                    StateRequest.newBuilder().setId(task.id()).setExecId(execId).build()));
        } catch (RpcException e) {
            if (e.code() == StatusCode.NOT_FOUND && execId.isEmpty()) {
                tasks.lost(task);
            }
            throw e;
        }
    }

    private @Nullable Process processIfThere(Task task) {
        try {
            return process(task, state(task, ""));
        } catch (RpcException e) {
            if (e.code() == StatusCode.NOT_FOUND || e.code() == StatusCode.UNAVAILABLE) {
                return null; // It ended while the others were asked.
            }
            throw e;
        }
    }

    private static void sample(Task task, MetricsResponse.Builder metrics) {
        try {
            Any stats = task.ask(shim -> shim.stats(
                            task.namespace(),
                            StatsRequest.newBuilder().setId(task.id()).build()))
                    .getStats();
            Instant now = Instant.now();
            metrics.addMetrics(Metric.newBuilder()
                    .setTimestamp(Timestamp.newBuilder()
                            .setSeconds(now.getEpochSecond())
                            .setNanos(now.getNano()))
                    .setId(task.id())
                    .setData(stats));
        } catch (RpcException e) {
            if (e.code() != StatusCode.NOT_FOUND && e.code() != StatusCode.FAILED_PRECONDITION) {
                throw e;
            }
            // A task that is ending has no numbers; the others have.
        }
    }

    private static Process process(Task task, StateResponse state) {
        String id = state.getExecId().isEmpty() ? task.id() : state.getExecId();
        Process.Builder process = Process.newBuilder()
                .setContainerId(task.id())
                .setId(id)
                .setPid(state.getPid())
                .setStatus(state.getStatus())
                .setStdin(state.getStdin())
                .setStdout(state.getStdout())
                .setStderr(state.getStderr())
                .setTerminal(state.getTerminal())
                .setExitStatus(state.getExitStatus());
        if (state.hasExitedAt()) {
            process.setExitedAt(state.getExitedAt());
        }
        return process.build();
    }

    private static DeleteResponse deleted(
            String id, io.drydock.spec.containerd.runtime.task.v2.DeleteResponse deleted) {
        return DeleteResponse.newBuilder()
                .setId(id)
                .setPid(deleted.getPid())
                .setExitStatus(deleted.getExitStatus())
                .setExitedAt(deleted.getExitedAt())
                .build();
    }

    private void run(StreamObserver<Empty> out, String containerId, Change change) {
        answer(out, () -> {
            Task task = task(containerId);
            return task.change(shim -> {
                change.make(shim, task);
                return Empty.getDefaultInstance();
            });
        });
    }

    private static <R> void answer(StreamObserver<R> out, Supplier<R> work) {
        R answer;
        try {
            answer = work.get();
        } catch (RpcException e) {
            out.onError(Status.fromCodeValue(e.code().number())
                    .withDescription(e.text())
                    .asRuntimeException());
            return;
        } catch (StatusRuntimeException e) {
            out.onError(e);
            return;
        }
        out.onNext(answer);
        out.onCompleted();
    }

    /** A call without an answer. */
    private interface Change {
        void make(ShimClient shim, Task task);
    }
}
