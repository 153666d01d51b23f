package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.drydock.linux.Failpoint;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.events.TaskDelete;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskResponse;
import io.drydock.spec.containerd.runtime.task.v2.DeleteRequest;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import io.drydock.spec.containerd.runtime.task.v2.StateResponse;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every task of this containerd, by namespace and id. Safe for any thread; a task being made or deleted is reserved. */
final class TaskTable implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TaskTable.class);
    private static final int KILLED = 137;

    private final Path state;
    private final Path root;
    private final ShimLauncher launcher;
    private final ResidentShim resident;
    private final ForwardedEvents events;
    private final TaskBackend backend;
    private final ConcurrentHashMap<TaskKey, Task> tasks = new ConcurrentHashMap<>();
    private final Set<TaskKey> reserved = ConcurrentHashMap.newKeySet();

    TaskTable(
            Path state,
            Path root,
            ShimLauncher launcher,
            ResidentShim resident,
            ForwardedEvents events,
            TaskBackend backend) {
        this.state = state;
        this.root = root;
        this.launcher = launcher;
        this.resident = resident;
        this.events = events;
        this.backend = backend;
    }

    /** @throws RpcException NOT_FOUND */
    Task get(String namespace, String id) {
        Task task = tasks.get(new TaskKey(namespace, id));
        if (task == null) {
            throw new RpcException(StatusCode.NOT_FOUND, "task " + id + " not found");
        }
        return task;
    }

    List<Task> all() {
        return List.copyOf(tasks.values());
    }

    /** The states of the tasks of our resident shim, by id, in one call: of many tasks each call would be felt. */
    Map<String, StateResponse> residentStates(String namespace) {
        var any = tasks.values().stream()
                .filter(task -> task.namespace().equals(namespace) && task.shim() == resident)
                .findAny();
        if (any.isEmpty()) {
            return Map.of();
        }
        try {
            return any.get().ask(shim -> shim.states(namespace)).getStatesList().stream()
                    .collect(Collectors.toMap(StateResponse::getId, state -> state));
        } catch (RpcException e) {
            if (e.code() != StatusCode.UNIMPLEMENTED) {
                throw e;
            }
            return Map.of(); // a shim of an earlier version goes on
        }
    }

    List<Task> list(String namespace) {
        return tasks.values().stream()
                .filter(task -> task.namespace().equals(namespace))
                .toList();
    }

    /** Makes a directory of a saved task's state. */
    @FunctionalInterface
    interface SavedState {
        void writeTo(Path directory) throws IOException;
    }

    /**
     * Makes a task: bundle, shim, and the shim's part.
     *
     * @param runtime the runtime's name or its shim's path
     * @param request what the shim is asked, without the bundle
     * @param saved writes the state to begin with, if there is one
     */
    CreateTaskResponse create(
            TaskKey key,
            String runtime,
            Any options,
            byte[] spec,
            CreateTaskRequest.Builder request,
            @Nullable SavedState saved) {
        if (!reserved.add(key)) {
            throw new RpcException(StatusCode.ALREADY_EXISTS, "task " + key.id() + ": already exists");
        }
        Bundle bundle = null;
        Shim shim = null;
        Path binary = null;
        try {
            binary = launcher.binary(runtime);
            bundle = Bundle.create(state, root, key, spec);
            Failpoint.at("create.bundle");
            if (saved != null) {
                Path directory = bundle.path().resolve("checkpoint");
                saved.writeTo(directory);
                request.setCheckpoint(directory.toString());
            }
            shim = binary.equals(launcher.own()) ? resident : launch(bundle, binary, options);
            bundle.write(shim.address(), binary);
            Failpoint.at("create.asked");
            Task task = new Task(key, bundle, shim);
            CreateTaskResponse created = shim.client()
                    .create(
                            key.namespace(),
                            request.setBundle(bundle.path().toString()).build());
            Failpoint.at("create.answered");
            tasks.put(key, task);
            return created;
        } catch (FileAlreadyExistsException e) {
            reserved.remove(key);
            throw new RpcException(StatusCode.ALREADY_EXISTS, "bundle of task " + key.id() + " exists already", e);
        } catch (IOException e) {
            undo(key, bundle, shim, binary);
            throw new RpcException(StatusCode.UNKNOWN, "failed to start shim: " + e.getMessage(), e);
        } catch (RpcException e) {
            undo(key, bundle, shim, binary);
            throw shim == null ? e : new RpcException(e.code(), "failed to create shim task: " + e.text(), e);
        }
    }

    private ForeignShim launch(Bundle bundle, Path binary, Any options) throws IOException {
        ShimLog shimLog = launcher.log(bundle);
        try {
            ShimAddress address = launcher.start(bundle, binary, options);
            return ForeignShim.connect(address, shimLog, () -> buryTask(bundle.key(), binary));
        } catch (IOException | IllegalArgumentException e) {
            shimLog.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    private void undo(TaskKey key, @Nullable Bundle bundle, @Nullable Shim shim, @Nullable Path binary) {
        try {
            if (shim instanceof ForeignShim foreign && bundle != null && binary != null) {
                undo(foreign, bundle, binary);
            } else if (shim instanceof ResidentShim && bundle != null) {
                undo(key, new Task(key, bundle, shim));
            }
            if (bundle != null) {
                bundle.delete();
            }
        } catch (IOException e) {
            log.warn("clean up after task {}: {}", key.id(), e.getMessage());
        } finally {
            reserved.remove(key);
        }
    }

    /**
     * A shim that died or was too slow may have made the container all the same; one that answered has not. Whichever comes
     * after it is asked until one answers.
     */
    private static void undo(TaskKey key, Task task) {
        try {
            task.ask(shim -> shim.delete(
                    key.namespace(), DeleteRequest.newBuilder().setId(key.id()).build()));
        } catch (RpcException e) {
            log.debug("delete the half-made task {}: {}", key.id(), e.getMessage());
        }
    }

    private void undo(ForeignShim shim, Bundle bundle, Path binary) throws IOException {
        TaskKey key = bundle.key();
        try {
            shim.client()
                    .delete(
                            key.namespace(),
                            DeleteRequest.newBuilder().setId(key.id()).build());
        } catch (RpcException e) {
            log.debug("delete the half-made task {}: {}", key.id(), e.getMessage());
            if (e.code() == StatusCode.UNAVAILABLE) {
                launcher.delete(bundle, binary);
            }
        }
        shim.release(key);
    }

    /** Deletes a task whose init has ended. */
    DeleteResponse delete(Task task) {
        try {
            DeleteResponse deleted = task.ask(shim -> shim.delete(
                    task.namespace(),
                    DeleteRequest.newBuilder().setId(task.id()).build()));
            Failpoint.at("delete.answered");
            forget(task);
            return deleted;
        } catch (RpcException e) {
            if (e.code() == StatusCode.NOT_FOUND) {
                forget(task); // a shim that died deleted it, and the next one tells so
            }
            throw e;
        }
    }

    private void forget(Task task) {
        tasks.remove(task.key());
        task.shim().release(task.key());
        try {
            task.bundle().delete();
        } catch (IOException e) {
            log.warn("delete the bundle of {}: {}", task.id(), e.getMessage());
        } finally {
            reserved.remove(task.key());
        }
    }

    /** A foreign shim died, and its task with it: its program cleans up, and whoever waits is told. */
    private void buryTask(TaskKey key, Path binary) {
        Task task = tasks.remove(key);
        if (task == null) {
            return; // Its creation failed, and cleans up by itself.
        }
        log.warn("the shim of task {} died", key.id());
        bury(task.bundle(), binary);
        reserved.remove(key);
    }

    private void bury(Bundle bundle, @Nullable Path binary) {
        DeleteResponse end = DeleteResponse.newBuilder()
                .setExitStatus(KILLED)
                .setExitedAt(timestamp(Instant.now()))
                .build();
        try {
            if (binary != null) {
                end = launcher.delete(bundle, binary);
            }
            bundle.delete();
        } catch (IOException e) {
            log.warn("clean up after the shim of {}: {}", bundle.key().id(), e.getMessage());
        }
        publishEnd(bundle.key(), end);
    }

    private void publishEnd(TaskKey key, DeleteResponse end) {
        Timestamp now = timestamp(Instant.now());
        TaskExit exit = TaskExit.newBuilder()
                .setContainerId(key.id())
                .setId(key.id())
                .setPid(end.getPid())
                .setExitStatus(end.getExitStatus())
                .setExitedAt(end.getExitedAt())
                .build();
        if (events.firstTime(key.namespace(), exit)) {
            backend.publish(key.namespace(), ForwardedEvents.EXIT, now, any("containerd.events.TaskExit", exit));
        }
        TaskDelete delete = TaskDelete.newBuilder()
                .setContainerId(key.id())
                .setPid(end.getPid())
                .setExitStatus(end.getExitStatus())
                .setExitedAt(end.getExitedAt())
                .build();
        backend.publish(key.namespace(), "/tasks/delete", now, any("containerd.events.TaskDelete", delete));
    }

    /** Takes up the tasks an earlier containerd left. The resident shim must have been started. */
    void load() throws IOException {
        List<Bundle> bundles = Bundle.all(state);
        List<Thread> loads = bundles.stream()
                .map(bundle ->
                        Thread.ofVirtual().name("load-" + bundle.key().id()).start(() -> load(bundle)))
                .toList();
        try {
            for (Thread load : loads) {
                load.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while tasks were loaded", e);
        }
    }

    private void load(Bundle bundle) {
        TaskKey key = bundle.key();
        reserved.add(key);
        try {
            ShimAddress address = bundle.address();
            Path binary = bundle.binary();
            if (address == null) {
                log.info("task {} was never made, removing its bundle", key.id());
                bundle.delete();
                reserved.remove(key);
            } else if (address.equals(resident.address())) {
                tasks.put(key, new Task(key, bundle, resident));
            } else if (binary != null) {
                loadForeign(bundle, address, binary);
            }
        } catch (IOException | IllegalArgumentException e) {
            log.error("load task {}: {}", key.id(), e.getMessage());
        }
    }

    private void loadForeign(Bundle bundle, ShimAddress address, Path binary) throws IOException {
        ShimLog shimLog = launcher.log(bundle);
        try {
            ForeignShim shim = ForeignShim.connect(address, shimLog, () -> buryTask(bundle.key(), binary));
            tasks.put(bundle.key(), new Task(bundle.key(), bundle, shim));
        } catch (IOException e) {
            shimLog.close();
            log.warn("the shim of task {} is gone: {}", bundle.key().id(), e.getMessage());
            bury(bundle, binary);
            reserved.remove(bundle.key());
        }
    }

    /** The resident shim says it does not know a task that has a bundle: the task is over. */
    void lost(Task task) {
        if (tasks.remove(task.key(), task)) {
            log.warn("the shim lost task {}", task.id());
            bury(task.bundle(), null);
            reserved.remove(task.key());
        }
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static Any any(String type, MessageLite message) {
        return Any.newBuilder()
                .setTypeUrl(type)
                .setValue(message.toByteString())
                .build();
    }

    /** Leaves every shim and task alone, for the next containerd. */
    @Override
    public void close() {
        for (Task task : tasks.values()) {
            if (task.shim() instanceof ForeignShim foreign) {
                foreign.disconnect();
            }
        }
    }
}
