package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import io.drydock.rpc.Call;
import io.drydock.rpc.RpcService;
import io.drydock.spec.containerd.runc.ProcessDetails;
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
import io.drydock.spec.containerd.shim.v1.ProbeRequest;
import io.drydock.spec.containerd.shim.v1.StatesRequest;
import io.drydock.spec.containerd.shim.v1.StatesResponse;
import io.drydock.spec.containerd.types.task.ProcessInfo;
import java.util.List;

/** The task API on the wire, versions 2 and 3: the same methods and messages under two names. */
final class TaskService {
    static final String VERSION_2 = "containerd.task.v2.Task";
    static final String VERSION_3 = "containerd.task.v3.Task";

    /** The list of all tasks, which only our containerd asks for. */
    static final String STATES = "drydock.shim.v1.States";

    private static final String NAMESPACE = "containerd-namespace-ttrpc";

    /** Health checks at little cost, which only our dockerd asks for. */
    static final String PROBES = "drydock.shim.v1.Probes";

    private final Tasks tasks;
    private final Probes probes;
    private final Runnable shutdown;

    /** @param shutdown ends the shim; called when a client asks for it and there are no tasks */
    TaskService(Tasks tasks, Probes probes, Runnable shutdown) {
        this.tasks = tasks;
        this.probes = probes;
        this.shutdown = shutdown;
    }

    List<RpcService> services() {
        return List.of(
                service(VERSION_2),
                service(VERSION_3),
                RpcService.named(STATES).unary("List", StatesRequest.parser(), this::states),
                RpcService.named(PROBES)
                        .unary(
                                "Run",
                                ProbeRequest.parser(),
                                (call, request) -> probes.run(task(call, request.getId()), request)));
    }

    private RpcService service(String name) {
        return RpcService.named(name)
                .unary("State", StateRequest.parser(), this::state)
                .unary("Create", CreateTaskRequest.parser(), this::create)
                .unary("Start", StartRequest.parser(), this::start)
                .unary("Delete", DeleteRequest.parser(), this::delete)
                .unary("Pids", PidsRequest.parser(), this::pids)
                .unary("Pause", PauseRequest.parser(), (call, request) -> {
                    task(call, request.getId()).pause();
                    return Empty.getDefaultInstance();
                })
                .unary("Resume", ResumeRequest.parser(), (call, request) -> {
                    task(call, request.getId()).resume();
                    return Empty.getDefaultInstance();
                })
                .unary("Checkpoint", CheckpointTaskRequest.parser(), (call, request) -> {
                    task(call, request.getId()).checkpoint(request.getPath(), request.getOptions());
                    return Empty.getDefaultInstance();
                })
                .unary("Kill", KillRequest.parser(), (call, request) -> {
                    task(call, request.getId()).kill(request.getExecId(), request.getSignal(), request.getAll());
                    return Empty.getDefaultInstance();
                })
                .unary("Exec", ExecProcessRequest.parser(), (call, request) -> {
                    task(call, request.getId()).exec(request);
                    return Empty.getDefaultInstance();
                })
                .unary("ResizePty", ResizePtyRequest.parser(), (call, request) -> {
                    task(call, request.getId()).resize(request.getExecId(), request.getWidth(), request.getHeight());
                    return Empty.getDefaultInstance();
                })
                .unary("CloseIO", CloseIORequest.parser(), this::closeIo)
                .unary("Update", UpdateTaskRequest.parser(), (call, request) -> {
                    task(call, request.getId())
                            .update(request.getResources().getValue().toByteArray());
                    return Empty.getDefaultInstance();
                })
                .unary("Wait", WaitRequest.parser(), this::await)
                .unary(
                        "Stats",
                        StatsRequest.parser(),
                        (call, request) -> StatsResponse.newBuilder()
                                .setStats(task(call, request.getId()).stats())
                                .build())
                .unary("Connect", ConnectRequest.parser(), this::connect)
                .unary("Shutdown", ShutdownRequest.parser(), (call, request) -> shutdown(request));
    }

    private Task task(Call call, String id) {
        return tasks.get(namespace(call), id);
    }

    private static String namespace(Call call) {
        return call.metadata().getOrDefault(NAMESPACE, "default");
    }

    private CreateTaskResponse create(Call call, CreateTaskRequest request) {
        return CreateTaskResponse.newBuilder()
                .setPid(tasks.create(namespace(call), request))
                .build();
    }

    private StartResponse start(Call call, StartRequest request) {
        Task task = task(call, request.getId());
        int pid = request.getExecId().isEmpty() ? task.start() : task.startExec(request.getExecId());
        return StartResponse.newBuilder().setPid(pid).build();
    }

    private DeleteResponse delete(Call call, DeleteRequest request) {
        Task task = task(call, request.getId());
        TaskProcess process = task.process(request.getExecId());
        Exited exit = process.init() ? tasks.delete(namespace(call), task) : task.deleteExec(process);
        return DeleteResponse.newBuilder()
                .setPid(process.pid())
                .setExitStatus(exit.status())
                .setExitedAt(Timestamps.of(exit.at()))
                .build();
    }

    private StatesResponse states(Call call, StatesRequest request) {
        StatesResponse.Builder states = StatesResponse.newBuilder();
        for (Task task : tasks.list(namespace(call))) {
            states.addStates(state(task, ""));
        }
        return states.build();
    }

    private StateResponse state(Call call, StateRequest request) {
        return state(task(call, request.getId()), request.getExecId());
    }

    private static StateResponse state(Task task, String execId) {
        TaskProcess process = task.process(execId);
        StateResponse.Builder state = StateResponse.newBuilder()
                .setId(task.id())
                .setBundle(task.bundle())
                .setPid(process.pid())
                .setStatus(task.status(process))
                .setStdin(process.paths.stdin())
                .setStdout(process.paths.stdout())
                .setStderr(process.paths.stderr())
                .setTerminal(process.paths.terminal())
                .setExecId(execId);
        if (process.exit.isDone()) {
            Exited exit = process.exit.join();
            state.setExitStatus(exit.status()).setExitedAt(Timestamps.of(exit.at()));
        }
        return state.build();
    }

    private PidsResponse pids(Call call, PidsRequest request) {
        Task task = task(call, request.getId());
        PidsResponse.Builder pids = PidsResponse.newBuilder();
        for (int pid : task.pids()) {
            ProcessInfo.Builder info = ProcessInfo.newBuilder().setPid(pid);
            TaskProcess exec = task.execOf(pid);
            if (exec != null) {
                info.setInfo(Any.newBuilder()
                        .setTypeUrl("containerd.runc.v1.ProcessDetails")
                        .setValue(ProcessDetails.newBuilder()
                                .setExecId(exec.execId)
                                .build()
                                .toByteString()));
            }
            pids.addProcesses(info);
        }
        return pids.build();
    }

    private Empty closeIo(Call call, CloseIORequest request) {
        if (request.getStdin()) {
            task(call, request.getId()).closeStdin(request.getExecId());
        }
        return Empty.getDefaultInstance();
    }

    private WaitResponse await(Call call, WaitRequest request) {
        Exited exit = call.await(task(call, request.getId()).process(request.getExecId()).exit);
        return WaitResponse.newBuilder()
                .setExitStatus(exit.status())
                .setExitedAt(Timestamps.of(exit.at()))
                .build();
    }

    private ConnectResponse connect(Call call, ConnectRequest request) {
        return ConnectResponse.newBuilder()
                .setShimPid((int) ProcessHandle.current().pid())
                .setTaskPid(task(call, request.getId()).process("").pid())
                .setVersion("drydock")
                .build();
    }

    /**
     * The original asks after each container, because its shim has no other. This one stays warm for the next container,
     * and ends when it has been idle for a while; at once only if no container is named.
     */
    private Empty shutdown(ShutdownRequest request) {
        if (request.getId().isEmpty() && tasks.isEmpty()) {
            shutdown.run();
        }
        return Empty.getDefaultInstance();
    }
}
