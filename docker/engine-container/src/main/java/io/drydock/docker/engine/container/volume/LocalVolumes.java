package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.PruneVolumesResponse;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeCreateRequest;
import io.drydock.spec.engine.VolumeListResponse;
import io.drydock.spec.engine.VolumeUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of the local driver: {@code <data-root>/volumes/NAME/_data}. Which containers use one is remembered here, told
 * by who makes and removes containers.
 */
public final class LocalVolumes {
    private static final Set<String> FILTERS = Set.of("dangling", "driver", "label", "name");

    private final Path root;
    private final EngineDatabase database;
    private final EventSink events;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, VolumeRecord> volumes = new TreeMap<>();
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, Set<String>> mounted = new HashMap<>();
    private final Linux linux;

    public LocalVolumes(Linux linux, Path root, EngineDatabase database, EventSink events) throws IOException {
        this.linux = linux;
        this.root = root;
        this.database = database;
        this.events = events;
        volumes.putAll(database.volumes());
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx-----x"));
    }

    /** Where a volume's files are. */
    public Path data(String name) {
        return root.resolve(name).resolve("_data");
    }

    /** Makes a volume; one of that name that is there already is returned as it is. */
    public Volume create(VolumeCreateRequest request) {
        if (!request.driver().isEmpty() && !request.driver().equals("local")) {
            throw EngineException.notFound("create " + request.name() + ": error looking up volume plugin "
                    + request.driver() + ": plugin \"" + request.driver() + "\" not found");
        }
        VolumeOptions.check(request.name(), request.driverOpts());
        String name = request.name().isEmpty() ? Ids.random() : request.name();
        VolumeNames.check(name);
        var labels = new HashMap<>(request.labels());
        if (request.name().isEmpty()) {
            labels.put(VolumeRecord.ANONYMOUS, "");
        }
        return view(getOrCreate(new VolumeRecord(name, Instant.now().toString(), request.driverOpts(), labels)));
    }

    /** A new volume without a name. */
    public String createAnonymous() {
        var record =
                new VolumeRecord(Ids.random(), Instant.now().toString(), Map.of(), Map.of(VolumeRecord.ANONYMOUS, ""));
        return getOrCreate(record).name();
    }

    /** The volume of that name, made if it is not there. */
    public void ensure(String name) {
        VolumeNames.check(name);
        getOrCreate(new VolumeRecord(name, Instant.now().toString(), Map.of(), Map.of()));
    }

    private VolumeRecord getOrCreate(VolumeRecord record) {
        lock.lock();
        try {
            var known = volumes.get(record.name());
            if (known != null) {
                return known;
            }
            Files.createDirectories(data(record.name()));
            database.put(record);
            volumes.put(record.name(), record);
        } catch (IOException e) {
            throw EngineException.system("create " + record.name() + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
        events.publish("volume", "create", record.name(), Map.of("driver", "local"));
        return record;
    }

    /** A container uses a volume. */
    public void use(String name, String containerId) {
        lock.lock();
        try {
            users.computeIfAbsent(name, key -> new java.util.HashSet<>()).add(containerId);
        } finally {
            lock.unlock();
        }
    }

    /** A container uses a volume no longer. */
    public void release(String name, String containerId) {
        lock.lock();
        try {
            var left = users.get(name);
            if (left != null && left.remove(containerId) && left.isEmpty()) {
                users.remove(name);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A container is about to run with a volume: what its options say is mounted at its place by the first. */
    public void mount(String name, String containerId) {
        lock.lock();
        try {
            var record = known(name);
            var running = mounted.computeIfAbsent(name, key -> new java.util.HashSet<>());
            if (!record.options().isEmpty() && running.isEmpty() && !isMountPoint(data(name))) {
                VolumeOptions.mount(linux, record.options(), data(name));
            }
            running.add(containerId);
        } finally {
            lock.unlock();
        }
    }

    /** A container runs no longer: what was mounted is taken away by the last. */
    public void unmount(String name, String containerId) {
        lock.lock();
        try {
            var running = mounted.get(name);
            if (running == null || !running.remove(containerId) || !running.isEmpty()) {
                return;
            }
            mounted.remove(name);
            var record = volumes.get(name);
            if (record != null && !record.options().isEmpty()) {
                VolumeOptions.unmount(linux, data(name));
            }
        } catch (IOException e) {
            throw EngineException.system("error while unmounting volume '" + data(name) + "': " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isMountPoint(Path path) {
        try {
            String point = path.toRealPath().toString();
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .anyMatch(line -> line.split(" ")[4].equals(point));
        } catch (IOException e) {
            return false;
        }
    }

    /** The volumes that pass the filters, by name. */
    public VolumeListResponse list(Filters filters) {
        filters.allow(FILTERS);
        var found = new ArrayList<Volume>();
        lock.lock();
        try {
            for (VolumeRecord volume : volumes.values()) {
                boolean dangling = !users.containsKey(volume.name());
                if (dangling == filters.bool("dangling", dangling)
                        && filters.exact("driver", "local")
                        && filters.labels("label", volume.labels())
                        && (!filters.has("name") || filters.of("name").stream().anyMatch(volume.name()::contains))) {
                    found.add(view(volume));
                }
            }
        } finally {
            lock.unlock();
        }
        return new VolumeListResponse(found, List.of());
    }

    /** All volumes with their size on disk and the number of containers that use them. Reads every file's metadata. */
    public List<Volume> measured() {
        var users = new HashMap<String, Long>();
        List<VolumeRecord> known;
        lock.lock();
        try {
            known = List.copyOf(volumes.values());
            known.forEach(volume -> users.put(volume.name(), (long)
                    this.users.getOrDefault(volume.name(), Set.of()).size()));
        } finally {
            lock.unlock();
        }
        // sizes take long, so nobody waits for them
        return known.stream()
                .map(volume -> view(
                        volume,
                        new VolumeUsage(users.getOrDefault(volume.name(), 0L), FileTree.size(data(volume.name())))))
                .toList();
    }

    /** One volume; NOT_FOUND if there is none of that name. */
    public Volume inspect(String name) {
        lock.lock();
        try {
            return view(known(name));
        } finally {
            lock.unlock();
        }
    }

    private VolumeRecord known(String name) {
        var volume = volumes.get(name);
        if (volume == null) {
            throw EngineException.notFound("get " + name + ": no such volume");
        }
        return volume;
    }

    private Volume view(VolumeRecord volume) {
        return view(volume, null);
    }

    private Volume view(VolumeRecord volume, @Nullable VolumeUsage usage) {
        return new Volume(
                volume.created(),
                "local",
                volume.labels(),
                data(volume.name()).toString(),
                volume.name(),
                volume.options(),
                "local",
                usage);
    }

    /** Removes a volume with its files. */
    public void remove(String name, boolean force) {
        lock.lock();
        try {
            if (!volumes.containsKey(name) && force) {
                return;
            }
            known(name);
            var using = users.get(name);
            if (using != null) {
                throw EngineException.conflict("remove " + name + ": volume is in use - "
                        + using.stream().sorted().toList());
            }
            FileTree.delete(root.resolve(name));
            database.removeVolume(name);
            volumes.remove(name);
        } catch (IOException e) {
            throw EngineException.system("remove " + name + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
        events.publish("volume", "destroy", name, Map.of("driver", "local"));
    }

    /** Removes volumes nobody uses: anonymous ones, or with {@code all=true} the named ones, too. */
    public PruneVolumesResponse prune(Filters filters) {
        filters.allow(Set.of("label", "label!", "all"));
        boolean all = filters.bool("all", false);
        var removed = new ArrayList<String>();
        long freed = 0;
        List<VolumeRecord> candidates;
        lock.lock();
        try {
            candidates = volumes.values().stream()
                    .filter(volume -> !users.containsKey(volume.name()))
                    .filter(volume -> all || volume.labels().containsKey(VolumeRecord.ANONYMOUS))
                    .filter(volume -> filters.labels("label", volume.labels()))
                    .filter(volume -> !filters.has("label!")
                            || !new Filters(Map.of("l", filters.of("label!"))).labels("l", volume.labels()))
                    .toList();
        } finally {
            lock.unlock();
        }
        for (VolumeRecord volume : candidates) {
            long size = FileTree.size(root.resolve(volume.name()));
            try {
                remove(volume.name(), false);
                removed.add(volume.name());
                freed += size;
            } catch (EngineException taken) {
                continue; // a container has come to use it meanwhile
            }
        }
        events.publish("volume", "prune", "", Map.of("reclaimed", Long.toString(freed)));
        return new PruneVolumesResponse(removed, freed);
    }
}
