package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Tasks;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.spec.engine.ContainerInspect;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.ContainerTop;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Filters;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What asks about containers. */
public final class ContainerQueries {
    private final ContainerTable table;
    private final ContainerViews views;
    private final ImageCatalog images;
    private final NetworkController networks;
    private final ContainerdClient containerd;
    private final EventSink events;

    ContainerQueries(
            ContainerTable table,
            ContainerViews views,
            ImageCatalog images,
            NetworkController networks,
            ContainerdClient containerd,
            EventSink events) {
        this.events = events;
        this.table = table;
        this.views = views;
        this.images = images;
        this.networks = networks;
        this.containerd = containerd;
    }

    /** Containers, newest first; a limit above 0 takes those that do not run, too. */
    public List<ContainerSummary> list(boolean all, int limit, boolean size, Filters filters) {
        var filter = new ContainerFilter(filters, table, images, networks);
        boolean everything = all || limit > 0 || filter.impliesAll();
        var now = Instant.now();
        return table.all().stream()
                .filter(container -> everything
                        || container.state().alive()
                        || container.state().status() == RunState.Status.RESTARTING)
                .filter(filter::accepts)
                .sorted(Comparator.comparing((Container c) -> c.created).reversed())
                .limit(limit > 0 ? limit : Long.MAX_VALUE)
                .map(container -> views.summary(container, size, now))
                .toList();
    }

    /** Everything about a container. */
    public ContainerInspect inspect(String name, boolean size) {
        return views.inspect(table.find(name), size);
    }

    /** The container's processes as {@code ps} prints them. */
    public ContainerTop top(String name, String arguments) {
        var container = table.find(name);
        container.requireAlive();
        try {
            var pids = containerd.tasks().pids(container.id).stream()
                    .map(Tasks.Pid::pid)
                    .collect(Collectors.toSet());
            var list = ProcessList.of(pids, arguments);
            events.publish("container", "top", container.id, container.attributes());
            return list;
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("list the processes of container " + container.id, e);
        }
    }

    /** How many containers there are in each state. */
    public record Counts(int all, int running, int paused, int stopped) {}

    /** How many containers there are now. */
    public Counts counts() {
        int running = 0;
        int paused = 0;
        int all = 0;
        for (Container container : table.all()) {
            all++;
            switch (container.state().status()) {
                case RUNNING, RESTARTING -> running++;
                case PAUSED -> paused++;
                case CREATED, REMOVING, EXITED, DEAD -> {}
            }
        }
        return new Counts(all, running, paused, all - running - paused);
    }
}
