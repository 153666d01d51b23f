package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdEvent;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Exit;
import io.drydock.containerd.client.Subscription;
import io.drydock.containerd.client.TaskProcess;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to containerd: ends of tasks and execs, the memory killer. After each break of the connection it asks for what may
 * have been missed. Every event is handled on a thread of its own, so that one container's lock keeps nobody else waiting.
 */
final class TaskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskWatch.class);
    private static final int UNKNOWN_EXIT = 255;

    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final Ends ends;
    private final Execs execs;
    private @Nullable Subscription subscription;

    TaskWatch(ContainerTable table, ContainerdClient containerd, Ends ends, Execs execs) {
        this.table = table;
        this.containerd = containerd;
        this.ends = ends;
        this.execs = execs;
    }

    void start() {
        subscription = containerd.events().subscribeEnds(this::handle);
    }

    void handle(ContainerdEvent event) {
        switch (event) {
            case ContainerdEvent.TaskExit exit -> {
                if (exit.init()) {
                    ended(exit.containerId(), exit.exit());
                } else {
                    execs.ended(exit.id(), exit.exit().status());
                }
            }
            case ContainerdEvent.TaskOom oom -> {
                var container = known(oom.containerId());
                if (container != null) {
                    container.outOfMemory = true;
                    Thread.ofVirtual().name("oom").start(() -> ends.oom(container, oom.at()));
                }
            }
            case ContainerdEvent.Subscribed subscribed ->
                Thread.ofVirtual().name("containerd-resync").start(this::compare);
            case ContainerdEvent.TaskCreate ignored -> {}
            case ContainerdEvent.TaskStart ignored -> {}
            case ContainerdEvent.TaskDelete ignored -> {}
            case ContainerdEvent.ExecAdded ignored -> {}
            case ContainerdEvent.ExecStarted ignored -> {}
            case ContainerdEvent.TaskPaused ignored -> {}
            case ContainerdEvent.TaskResumed ignored -> {}
            case ContainerdEvent.Other ignored -> {}
        }
    }

    private @Nullable Container known(String id) {
        return table.byFullId(id);
    }

    private void ended(String id, Exit exit) {
        var container = known(id);
        if (container != null) {
            Thread.ofVirtual().name("end-" + container.shortId()).start(() -> {
                execs.containerEnded(container);
                ends.ended(container, exit, ProcessStdio.GRACE);
            });
        }
    }

    /** Ends that happened while nobody listened. */
    private void compare() {
        Map<String, TaskProcess> tasks = new HashMap<>();
        try {
            containerd.tasks().list().forEach(task -> tasks.put(task.containerId(), task));
        } catch (ContainerdException e) {
            LOG.warn("list tasks: {}", e.getMessage());
            return;
        }
        for (Container container : table.all()) {
            if (container.state().alive()) {
                compare(container, tasks.get(container.id));
            }
        }
    }

    private void compare(Container container, @Nullable TaskProcess task) {
        if (task == null) {
            // the task may have been made after the list was: ask again for this one
            try {
                containerd.tasks().get(container.id, "");
            } catch (ContainerdException e) {
                if (e.notFound()) {
                    lost(container);
                }
            }
        } else if (task.status() == TaskProcess.Status.STOPPED) {
            execs.containerEnded(container);
            ends.ended(container, new Exit(task.pid(), task.exitStatus(), task.exitedAt()), Duration.ZERO);
        } else {
            execs.check(container);
        }
    }

    private void lost(Container container) {
        if (container.lock.tryLock()) {
            container.lock.unlock();
            execs.containerEnded(container);
            ends.ended(container, new Exit(0, UNKNOWN_EXIT, Instant.now()), Duration.ZERO);
        }
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
