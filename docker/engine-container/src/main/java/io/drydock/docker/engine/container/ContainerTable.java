package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The containers by id and by name. Its lock is held for a moment only. */
final class ContainerTable {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, Container> byId = new TreeMap<>();
    private final Map<String, String> names = new HashMap<>();

    /** Takes a name for an id; refuses with 409 if it is in use. */
    void reserve(String name, String id) {
        lock.lock();
        try {
            String owner = names.putIfAbsent(name, id);
            if (owner != null && !owner.equals(id)) {
                throw EngineException.conflict("Conflict. The container name \"/" + name
                        + "\" is already in use by container \"" + owner + "\". You have to remove (or rename) that "
                        + "container to be able to reuse that name.");
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isTaken(String name) {
        lock.lock();
        try {
            return names.containsKey(name);
        } finally {
            lock.unlock();
        }
    }

    void release(String name, String id) {
        lock.lock();
        try {
            names.remove(name, id);
        } finally {
            lock.unlock();
        }
    }

    void add(Container container) {
        lock.lock();
        try {
            byId.put(container.id, container);
            names.put(container.name(), container.id);
        } finally {
            lock.unlock();
        }
    }

    void remove(Container container) {
        lock.lock();
        try {
            byId.remove(container.id);
            names.remove(container.name(), container.id);
        } finally {
            lock.unlock();
        }
    }

    Collection<Container> all() {
        lock.lock();
        try {
            return List.copyOf(byId.values());
        } finally {
            lock.unlock();
        }
    }

    /** The container of a full id; null if there is none. */
    @Nullable
    Container byFullId(String id) {
        lock.lock();
        try {
            return byId.get(id);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return byId.size();
        } finally {
            lock.unlock();
        }
    }

    /** The container of a full id, a name, or a unique beginning of an id. */
    Container find(String nameOrId) {
        if (nameOrId.isEmpty()) {
            throw EngineException.invalid("No container name or ID supplied");
        }
        lock.lock();
        try {
            var exact = byId.get(nameOrId);
            if (exact != null) {
                return exact;
            }
            String id = names.get(nameOrId.startsWith("/") ? nameOrId.substring(1) : nameOrId);
            if (id != null && byId.get(id) != null) {
                return byId.get(id);
            }
            return byPrefix(nameOrId);
        } finally {
            lock.unlock();
        }
    }

    private Container byPrefix(String prefix) {
        var matches = new ArrayList<Container>(2);
        for (var entry : byId.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix) || matches.size() == 2) {
                break;
            }
            matches.add(entry.getValue());
        }
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        if (matches.isEmpty()) {
            throw EngineException.notFound("No such container: " + prefix);
        }
        throw EngineException.invalid("Multiple IDs found with provided prefix: " + prefix);
    }
}
