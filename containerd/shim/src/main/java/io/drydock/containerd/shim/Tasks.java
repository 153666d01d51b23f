package io.drydock.containerd.shim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.linux.Failpoint;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.Container;
import io.drydock.runc.runtime.Containers;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.RuntimeFailure;
import io.drydock.runc.runtime.Status;
import io.drydock.spec.containerd.runc.Options;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.types.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every task the shim serves, by namespace and id. */
final class Tasks {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);

    private final Path records;
    private final EventQueue queue;
    private final Runtimes runtimes;
    private final Stdios stdios;
    private final ExitWatch exits;
    private final OomSource memory;
    private final ConcurrentHashMap<Key, Task> tasks = new ConcurrentHashMap<>();
    private final Set<Key> creating = ConcurrentHashMap.newKeySet();

    private record Key(String namespace, String id) {}

    Tasks(Path records, EventQueue queue, Runtimes runtimes, Stdios stdios, ExitWatch exits, OomSource memory) {
        this.records = records;
        this.queue = queue;
        this.runtimes = runtimes;
        this.stdios = stdios;
        this.exits = exits;
        this.memory = memory;
    }

    boolean isEmpty() {
        return tasks.isEmpty() && creating.isEmpty();
    }

    /** All tasks of a namespace, in no order. */
    List<Task> list(String namespace) {
        return tasks.entrySet().stream()
                .filter(entry -> entry.getKey().namespace().equals(namespace))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** @throws RpcException NOT_FOUND */
    Task get(String namespace, String id) {
        Task task = tasks.get(new Key(namespace, id));
        if (task == null) {
            throw new RpcException(StatusCode.NOT_FOUND, "container not created");
        }
        return task;
    }

    /** Makes a container; answers its init's pid. */
    int create(String namespace, CreateTaskRequest request) {
        Key key = new Key(namespace, request.getId());
        if (!creating.add(key)) {
            throw new RpcException(StatusCode.ALREADY_EXISTS, "task " + request.getId() + " is being created");
        }
        try {
            if (tasks.containsKey(key)) {
                throw new RpcException(StatusCode.ALREADY_EXISTS, "task " + request.getId() + " already exists");
            }
            return make(key, request);
        } catch (IOException e) {
            throw Failures.of("OCI runtime create failed", e);
        } finally {
            creating.remove(key);
        }
    }

    private int make(Key key, CreateTaskRequest request) throws IOException {
        Options options = options(request);
        TaskRecord files = TaskRecord.create(records, key.namespace(), request);
        Failpoint.at("shim.create.noted");
        try {
            ProcessStdio stdio = stdios.open(Task.pathsOf(request), owner(key.namespace(), request, options));
            Container container;
            try {
                Containers runtime = runtimes.of(options, key.namespace(), request.getBundle());
                CreateRequest wanted = new CreateRequest(
                        request.getId(),
                        Path.of(request.getBundle()),
                        mounts(request),
                        stdio.forRuntime(),
                        List.of(),
                        new CreateRequest.Options(
                                options.getNoPivotRoot(), options.getNoNewKeyring(), options.getSystemdCgroup()));
                // what is restored runs at once; the original does that when it is asked to start the task
                container = request.getCheckpoint().isEmpty()
                        ? runtime.create(wanted)
                        : runtime.restore(wanted, Checkpoints.restoring(request.getCheckpoint(), options));
            } catch (RuntimeFailure e) {
                stdio.close();
                // other programs say their names themselves
                String who = Runtimes.isBuiltIn(options) ? "runc create failed: " : "";
                throw new RuntimeFailure(e.kind(), who + e.getMessage(), e);
            } catch (RpcException e) {
                stdio.close();
                throw e;
            }
            Failpoint.at("shim.create.made");
            Task task = new Task(
                    request,
                    container,
                    files,
                    new TaskEvents(queue, files, key.namespace(), request.getId()),
                    stdios,
                    owner(key.namespace(), request, options),
                    exits,
                    memory);
            try {
                task.created(stdio);
            } catch (IOException e) {
                stdio.close();
                container.delete(true);
                throw e;
            }
            tasks.put(key, task);
            Failpoint.at("shim.create.told");
            return container.init().pid();
        } catch (IOException | RpcException e) {
            files.remove();
            throw e;
        }
    }

    static Options options(CreateTaskRequest request) throws InvalidProtocolBufferException {
        return request.getOptions().getTypeUrl().endsWith("containerd.runc.v1.Options")
                ? Options.parseFrom(request.getOptions().getValue())
                : Options.getDefaultInstance();
    }

    private static StdioOwner owner(String namespace, CreateTaskRequest request, Options options) {
        return new StdioOwner(namespace, request.getId(), options.getIoUid(), options.getIoGid());
    }

    private static List<CreateRequest.RootfsMount> mounts(CreateTaskRequest request) {
        return request.getRootfsList().stream().map(Tasks::mount).toList();
    }

    private static CreateRequest.RootfsMount mount(Mount mount) {
        return new CreateRequest.RootfsMount(mount.getType(), mount.getSource(), mount.getOptionsList());
    }

    Exited delete(String namespace, Task task) {
        Exited exit = task.delete();
        tasks.remove(new Key(namespace, task.id()), task);
        return exit;
    }

    /** Takes up the tasks that an earlier shim left: side by side, since each asks its keeper and waits. */
    void adopt() throws IOException {
        List<Thread> each = TaskRecord.all(records).stream()
                .map(found -> Thread.ofVirtual().name("take-up").start(() -> adopt(found)))
                .toList();
        try {
            for (Thread one : each) {
                one.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while tasks were taken up", e);
        }
    }

    /** One container that cannot be taken up must not keep the shim from the others. */
    private void adopt(TaskRecord.Found found) {
        try {
            adopt(found.namespace(), found.files());
        } catch (IOException | RuntimeException e) {
            log.error("take up {}: {}", found, e.getMessage());
        }
    }

    private void adopt(String namespace, TaskRecord files) throws IOException {
        if (!files.begun()) {
            files.remove();
            return;
        }
        Journal journal = files.journal();
        CreateTaskRequest request = files.task();
        TaskEvents events = new TaskEvents(queue, files, namespace, request.getId());
        if (journal.deleted().isPresent()) {
            Journal.Deleted deleted = journal.deleted().get();
            events.deleted(deleted.pid(), deleted.exit());
            return;
        }
        Containers runtime = runtimes.of(options(request), namespace, request.getBundle());
        Container container;
        Status status;
        try {
            container = runtime.load(request.getId());
            status = container.state().status();
        } catch (RuntimeFailure e) {
            if (e.kind() != RuntimeFailure.Kind.NOT_FOUND) {
                throw e;
            }
            runtime.discard(request.getId());
            lost(request, files, journal, events);
            return;
        }
        if (status == Status.CREATING) {
            container.delete(true);
            files.remove();
            return;
        }
        StdioOwner owner = owner(namespace, request, options(request));
        Task task = new Task(request, container, files, events, stdios, owner, exits, memory);
        tasks.put(new Key(namespace, request.getId()), task);
        task.adopt(journal, status == Status.RUNNING || status == Status.PAUSED, status == Status.PAUSED);
        log.info("took up {}, {}", request.getId(), status.word());
    }

    /** A container that is no more although nobody deleted it: who knows of it is told. */
    private static void lost(CreateTaskRequest request, TaskRecord files, Journal journal, TaskEvents events)
            throws IOException {
        if (!journal.sent(TaskEvents.CREATE)) {
            files.remove();
            return;
        }
        log.warn("container {} is gone", request.getId());
        Exited exit = ExitWatch.unknown();
        if (!journal.sent(TaskEvents.exitOf(""))) {
            events.exited("", 0, exit);
        }
        events.deleted(0, exit);
    }
}
