package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.docker.engine.container.spec.ResourceLimits;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.volume.VolumeNames;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.spec.engine.ContainerUpdateResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Changes what may change of a container: its limits, its restart policy, its name. */
final class Updater {
    private static final Set<String> CHANGEABLE = Set.of(
            "CpuShares",
            "Memory",
            "NanoCpus",
            "BlkioWeight",
            "CpuPeriod",
            "CpuQuota",
            "CpuRealtimePeriod",
            "CpuRealtimeRuntime",
            "CpusetCpus",
            "CpusetMems",
            "MemoryReservation",
            "MemorySwap",
            "PidsLimit",
            "RestartPolicy");

    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final NetworkController networks;
    private final ResourceLimits limits;
    private final EventSink events;

    Updater(
            ContainerTable table,
            ContainerdClient containerd,
            EngineDatabase database,
            NetworkController networks,
            ResourceLimits limits,
            EventSink events) {
        this.table = table;
        this.containerd = containerd;
        this.database = database;
        this.networks = networks;
        this.limits = limits;
        this.events = events;
    }

    ContainerUpdateResponse update(Container container, Map<String, Object> wish) {
        container.lockForRequest();
        try {
            if (container.removing) {
                throw EngineException.conflict("container is marked for removal and cannot be \"update\"");
            }
            var old = container.definition().hostConfig();
            var changes = changes(wish);
            var warnings = new ArrayList<String>();
            HostDefaults.check(HostDefaults.with(HostDefaults.empty(), changes), warnings);
            var changed = HostDefaults.with(old, changes);
            UpdateRules.check(container.id, old, changed);
            if (container.state().alive()) {
                containerd.tasks().update(container.id, OciJson.write(Resources.class, limits.of(changed)));
            }
            var definition = container.definition().withHostConfig(changed);
            database.put(definition, container.state());
            container.definition(definition);
            events.publish("container", "update", container.id, container.attributes());
            return new ContainerUpdateResponse(warnings);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("Cannot update container " + container.id, e);
        } finally {
            container.lock.unlock();
        }
    }

    /** A client sends every member; those that are zero mean no change. */
    private static Map<String, Object> changes(Map<String, Object> wish) {
        var changes = new LinkedHashMap<String, Object>();
        for (var entry : wish.entrySet()) {
            Object value = entry.getValue();
            boolean zero = value == null
                    || value.equals("")
                    || value instanceof Number n && n.doubleValue() == 0
                    || value instanceof Map<?, ?> map && "".equals(map.get("Name"));
            if (CHANGEABLE.contains(entry.getKey()) && !zero) {
                changes.put(entry.getKey(), value);
            }
        }
        return changes;
    }

    void rename(Container container, String wanted) {
        String name = wanted.startsWith("/") ? wanted.substring(1) : wanted;
        if (name.isEmpty()) {
            throw EngineException.invalid("Neither old nor new names may be empty");
        }
        if (!VolumeNames.valid(name)) {
            throw EngineException.invalid("Error when allocating new name: Invalid container name (/" + name
                    + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        String old = renamed(container, name);
        // others know the container by its name in their links
        for (var other : table.all()) {
            if (other.definition().hostConfig().links().stream().anyMatch(link -> link.startsWith("/" + old + ":"))) {
                relink(other, "/" + old + ":", "/" + name + ":");
            }
        }
    }

    /** The old name. */
    private String renamed(Container container, String name) {
        container.lockForRequest();
        try {
            String old = container.name();
            if (old.equals(name)) {
                throw EngineException.invalid("Renaming a container with the same name as its current name");
            }
            try {
                table.reserve(name, container.id);
            } catch (EngineException e) {
                throw EngineException.conflict("Error when allocating new name: " + e.getMessage());
            }
            var definition = relinked(container.definition().withName(name), ":/" + old + "/", ":/" + name + "/");
            database.put(definition, container.state());
            container.definition(definition);
            table.release(old, container.id);
            networks.rename(container.id, name);
            events.publish("container", "rename", container.id, container.attributes("oldName", "/" + old));
            return old;
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        } finally {
            container.lock.unlock();
        }
    }

    private void relink(Container container, String before, String after) {
        container.lockForRequest();
        try {
            var definition = relinked(container.definition(), before, after);
            database.put(definition, container.state());
            container.definition(definition);
        } finally {
            container.lock.unlock();
        }
    }

    private static Definition relinked(Definition definition, String before, String after) {
        var links = definition.hostConfig().links();
        var changed = links.stream().map(link -> link.replace(before, after)).toList();
        return changed.equals(links)
                ? definition
                : definition.withHostConfig(HostDefaults.with(definition.hostConfig(), Map.of("Links", changed)));
    }
}
