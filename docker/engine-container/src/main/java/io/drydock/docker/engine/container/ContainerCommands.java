package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Tasks;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerCreateResponse;
import io.drydock.spec.engine.ContainerUpdateResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.PruneContainersResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What changes containers, each named by id, name or a beginning of the id. */
public final class ContainerCommands {
    private final ContainerTable table;
    private final Creator creator;
    private final Starter starter;
    private final Stopper stopper;
    private final Remover remover;
    private final Updater updater;
    private final ContainerdClient containerd;
    private final SnapshotSizes sizes;
    private final EventSink events;

    ContainerCommands(
            ContainerTable table,
            Creator creator,
            Starter starter,
            Stopper stopper,
            Remover remover,
            Updater updater,
            ContainerdClient containerd,
            SnapshotSizes sizes,
            EventSink events) {
        this.table = table;
        this.creator = creator;
        this.starter = starter;
        this.stopper = stopper;
        this.remover = remover;
        this.updater = updater;
        this.containerd = containerd;
        this.sizes = sizes;
        this.events = events;
    }

    /** Creates a container, which is not started. */
    public ContainerCreateResponse create(
            String name, String platform, boolean olderReadOnly, ContainerCreateRequest request) {
        if (!platform.isEmpty() && !platform.startsWith("linux")) {
            throw EngineException.invalid(
                    "\"" + platform + "\": unknown operating system or architecture: invalid argument");
        }
        return creator.create(name, olderReadOnly, request);
    }

    /** Starts a container; NOT_MODIFIED if it runs. */
    public void start(String name) {
        var container = table.find(name);
        boolean ends = false;
        container.lockForRequest();
        try {
            container.backoff.reset();
            starter.start(container, 0);
        } catch (EngineException e) {
            ends = !container.state().alive()
                    && container.definition().hostConfig().autoRemove();
            throw e;
        } finally {
            container.lock.unlock();
            if (ends) {
                remover.autoRemove(container);
            }
        }
    }

    /** Stops a container; NOT_MODIFIED if it does not run. Seconds null: as the container says, negative: for ever. */
    public void stop(String name, String signal, @Nullable Integer seconds) {
        stopper.stop(table.find(name), signal, seconds);
    }

    /** Stops a container that runs, and starts it. */
    public void restart(String name, String signal, @Nullable Integer seconds) {
        var container = table.find(name);
        if (container.state().alive()) {
            stopper.stop(container, signal, seconds);
        }
        container.lockForRequest();
        try {
            if (!container.state().alive()) {
                starter.start(container, 0);
            }
        } finally {
            container.lock.unlock();
        }
        events.publish("container", "restart", container.id, container.attributes());
    }

    /** Sends a signal; empty for SIGKILL. */
    public void kill(String name, String signal) {
        try {
            stopper.kill(table.find(name), name, signal);
        } catch (EngineException e) {
            throw e.kind() == EngineException.Kind.NOT_FOUND
                    ? EngineException.notFound("cannot kill container: " + name + ": " + e.getMessage())
                    : e;
        }
    }

    /** Freezes a container. */
    public void pause(String name) {
        stopper.pause(table.find(name));
    }

    /** Thaws a container. */
    public void unpause(String name) {
        stopper.unpause(table.find(name));
    }

    /** Gives a container another name. */
    public void rename(String name, String newName) {
        updater.rename(table.find(name), newName);
    }

    /** Changes limits and restart policy; the map has the members of HostConfig. */
    public ContainerUpdateResponse update(String name, Map<String, Object> changes) {
        return updater.update(table.find(name), changes);
    }

    /** Removes a container, with its anonymous volumes if asked; a running one only with force. */
    public void remove(String name, boolean volumes, boolean force) {
        remover.remove(table.find(name), volumes, force);
    }

    /** Sets the size of a container's terminal, in characters. */
    public void resize(String name, int height, int width) {
        var container = table.find(name);
        container.requireAlive();
        try {
            containerd.tasks().resize(container.id, Tasks.INIT, width, height);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("resize container " + container.id, e);
        }
        var attributes = container.attributes("height", Integer.toString(height));
        attributes.put("width", Integer.toString(width));
        events.publish("container", "resize", container.id, attributes);
    }

    /** Removes containers that do not run. */
    public PruneContainersResponse prune(Filters filters) {
        filters.allow(Set.of("label", "label!", "until"));
        var until = filters.has("until") ? until(filters.of("until").getFirst()) : null;
        var removed = new ArrayList<String>();
        long freed = 0;
        for (Container container : table.all()) {
            var labels = container.definition().config().labels();
            boolean chosen = !container.state().alive()
                    && filters.labels("label", labels)
                    && (!filters.has("label!") || !new Filters(Map.of("l", filters.of("label!"))).labels("l", labels))
                    && (until == null || container.created.isBefore(until));
            if (chosen) {
                long size = sizes.writable(container.id);
                try {
                    remover.remove(container, false, false);
                    removed.add(container.id);
                    freed += size;
                } catch (EngineException e) {
                    continue; // somebody has started or removed it meanwhile
                }
            }
        }
        events.publish("container", "prune", "", Map.of("reclaimed", Long.toString(freed)));
        return new PruneContainersResponse(List.copyOf(removed), freed);
    }

    private static Instant until(String text) {
        try {
            if (text.chars().allMatch(Character::isDigit)) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.indexOf('T') > 0
                    ? OffsetDateTime.parse(text).toInstant()
                    : Instant.now().minus(Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT)));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw EngineException.invalid("failed to parse value as time or duration: \"" + text + "\"");
        }
    }
}
