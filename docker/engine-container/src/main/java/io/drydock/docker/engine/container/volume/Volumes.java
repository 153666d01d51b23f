package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.docker.engine.container.watch.OperationLock;
import io.drydock.docker.engine.plugin.Plugins;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of all drivers. Which containers use one is remembered here, told by who makes and removes containers. Each
 * volume has a turn, held while its driver works: a server that hangs holds up who wants this volume, for a limited time, and
 * nobody else. The tables have a lock that is never held while a driver is called.
 */
public final class Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
    private static final Set<String> FILTERS = Set.of("dangling", "driver", "label", "name");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EngineDatabase database;
    private final EventSink events;
    private final VolumeDrivers drivers;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, VolumeRecord> volumes = new TreeMap<>();
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, Set<String>> mounted = new HashMap<>();
    private final Turns turns = new Turns();

    /**
     * @param root of the local driver
     */
    public Volumes(Linux linux, Path root, EngineDatabase database, EventSink events, Plugins plugins)
            throws IOException {
        this.database = database;
        this.events = events;
        this.drivers = new VolumeDrivers(new LocalDriver(linux, root), plugins);
        volumes.putAll(database.volumes());
    }

    private <T> T inTurn(String name, Supplier<T> step) {
        return turns.with(name, turn -> turn.lockWithin(PATIENCE, "volume " + name), step);
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** Where a local volume's files are. */
    private Path data(String name) {
        return drivers.local().data(name);
    }

    /** Makes a volume; one of that name that is there already is returned as it is. */
    public Volume create(VolumeCreateRequest request) {
        return inspected(ensure(request.name(), request.driver(), request.driverOpts(), request.labels()));
    }

    /** A new volume without a name, of a driver: empty for the local one. */
    VolumeRecord createAnonymous(String driver) {
        return ensure("", driver, Map.of(), Map.of());
    }

    /**
     * The volume of that name, made if it is not there.
     *
     * @param wanted empty for a name of its own
     * @param driver empty for the local one, or that of the volume that is there
     */
    VolumeRecord ensure(String wanted, String driver, Map<String, String> options, Map<String, String> userLabels) {
        String name = wanted.isEmpty() ? Ids.random() : wanted;
        if (VolumeDrivers.isLocal(driver)) {
            VolumeOptions.check(wanted, options);
            VolumeNames.check(name);
        }
        var labels = new HashMap<>(userLabels);
        if (wanted.isEmpty()) {
            labels.put(VolumeRecord.ANONYMOUS, "");
        }
        try {
            return inTurn(name, () -> getOrCreate(name, driver, options, labels));
        } catch (EngineException e) {
            throw new EngineException(e.kind(), "create " + name + ": " + e.getMessage(), e);
        }
    }

    private VolumeRecord getOrCreate(
            String name, String driver, Map<String, String> options, Map<String, String> labels) {
        var known = locked(() -> volumes.get(name));
        if (known != null) {
            if (!driver.isEmpty() && !driver.equals(known.driver())) {
                throw EngineException.conflict("driver '" + known.driver() + "' already has volume '" + name
                        + "': volume name must be unique");
            }
            return known;
        }
        if (driver.isEmpty()) {
            var elsewhere = fromPlugins(name);
            if (elsewhere != null) {
                return elsewhere;
            }
        }
        var chosen = drivers.find(driver);
        if (!(chosen instanceof PluginDriver plugin && quietly(plugin, name) != null)) {
            chosen.create(name, options);
        }
        var record = remember(new VolumeRecord(name, Instant.now().toString(), options, labels, chosen.name()));
        events.publish("volume", "create", name, Map.of("driver", chosen.name()));
        return record;
    }

    private VolumeRecord remember(VolumeRecord record) {
        database.put(record);
        return locked(() -> {
            volumes.put(record.name(), record);
            return record;
        });
    }

    /** A volume that was made behind the engine's back. */
    private @Nullable VolumeRecord fromPlugins(String name) {
        for (var plugin : drivers.ofPlugins()) {
            if (quietly(plugin, name) != null) {
                return remember(new VolumeRecord(name, Instant.now().toString(), Map.of(), Map.of(), plugin.name()));
            }
        }
        return null;
    }

    private static PluginDriver.@Nullable Found quietly(PluginDriver plugin, String name) {
        try {
            return plugin.get(name);
        } catch (EngineException e) {
            LOG.debug("volume {} of {}: {}", name, plugin.name(), e.getMessage());
            return null; // most plugins tell in this way that there is none
        }
    }

    /** A container uses a volume. */
    public void use(String name, String containerId) {
        locked(() -> users.computeIfAbsent(name, key -> new HashSet<>()).add(containerId));
    }

    /** A container uses a volume no longer. */
    public void release(String name, String containerId) {
        locked(() -> remove(users, name, containerId));
    }

    /** Whether it was the last of the name's. */
    private static boolean remove(Map<String, Set<String>> sets, String name, String element) {
        var left = sets.get(name);
        boolean last = left != null && left.remove(element) && left.isEmpty();
        if (last) {
            sets.remove(name);
        }
        return last;
    }

    /**
     * A container is about to run with a volume: the first has mounted what a local volume's options say, and a plugin is asked
     * by each.
     *
     * @return where the volume's files are
     */
    public Path mount(String name, String containerId) {
        return inTurn(name, () -> {
            var record = known(name);
            boolean first = locked(() -> !mounted.containsKey(name));
            Path place = drivers.find(record.driver()).mount(record, containerId, first);
            locked(() -> mounted.computeIfAbsent(name, key -> new HashSet<>()).add(containerId));
            return place;
        });
    }

    /** A container runs no longer: what was mounted is taken away by the last. Waits as long as it takes: it must be done. */
    public void unmount(String name, String containerId) {
        turns.with(name, OperationLock::lock, () -> {
            if (!locked(() -> mounted.getOrDefault(name, Set.of()).contains(containerId))) {
                return name;
            }
            boolean last = locked(() -> remove(mounted, name, containerId));
            var record = locked(() -> volumes.get(name));
            if (record != null) {
                drivers.find(record.driver()).unmount(record, containerId, last);
            }
            return name;
        });
    }

    /** The volumes that pass the filters, by name. */
    public VolumeListResponse list(Filters filters) {
        filters.allow(FILTERS);
        var warnings = new ArrayList<String>();
        var all = new TreeMap<String, Volume>();
        for (var plugin : drivers.ofPlugins()) {
            try {
                String scope = plugin.scope();
                plugin.list().forEach(found -> all.put(found.name(), view(plugin, scope, found)));
            } catch (EngineException e) {
                warnings.add("list " + plugin.name() + ": " + e.getMessage());
            }
        }
        locked(() -> {
            volumes.values().forEach(volume -> all.putIfAbsent(volume.name(), view(volume, null)));
            all.values().removeIf(volume -> !passes(filters, volume));
            return all;
        });
        return new VolumeListResponse(List.copyOf(all.values()), warnings);
    }

    private boolean passes(Filters filters, Volume volume) {
        boolean dangling = !users.containsKey(volume.name());
        return dangling == filters.bool("dangling", dangling)
                && filters.exact("driver", volume.driver())
                && filters.labels("label", volume.labels())
                && (!filters.has("name") || filters.of("name").stream().anyMatch(volume.name()::contains));
    }

    /** All local volumes with their size on disk and the number of containers that use them. Reads every file's metadata. */
    public List<Volume> measured() {
        var counts = new HashMap<String, Long>();
        List<VolumeRecord> known = locked(() -> {
            volumes.keySet()
                    .forEach(name -> counts.put(
                            name, (long) users.getOrDefault(name, Set.of()).size()));
            return List.copyOf(volumes.values());
        });
        // sizes take long, so nobody waits for them
        return known.stream()
                .filter(volume -> volume.driver().equals(VolumeRecord.LOCAL))
                .map(volume -> view(
                        volume,
                        new VolumeUsage(counts.getOrDefault(volume.name(), 0L), FileTree.size(data(volume.name())))))
                .toList();
    }

    /** One volume; NOT_FOUND if there is none of that name. */
    public Volume inspect(String name) {
        var known = locked(() -> volumes.get(name));
        if (known == null) {
            known = fromPlugins(name);
        }
        if (known == null) {
            throw EngineException.notFound("get " + name + ": no such volume");
        }
        return inspected(known);
    }

    private Volume inspected(VolumeRecord record) {
        if (record.driver().equals(VolumeRecord.LOCAL)) {
            return view(record, null);
        }
        try {
            var driver = drivers.plugin(record.driver());
            var found = driver.get(record.name());
            if (found == null) {
                throw EngineException.notFound("no such volume");
            }
            return view(driver, driver.scope(), found);
        } catch (EngineException e) {
            throw new EngineException(e.kind(), "get " + record.name() + ": " + e.getMessage(), e);
        }
    }

    private VolumeRecord known(String name) {
        var volume = locked(() -> volumes.get(name));
        if (volume == null) {
            throw EngineException.notFound("get " + name + ": no such volume");
        }
        return volume;
    }

    private Volume view(PluginDriver driver, String scope, PluginDriver.Found found) {
        var record = locked(() -> volumes.get(found.name()));
        return new Volume(
                found.created(),
                driver.name(),
                record == null ? Map.of() : record.labels(),
                found.mountpoint(),
                found.name(),
                record == null ? Map.of() : record.options(),
                scope,
                found.status(),
                null);
    }

    private Volume view(VolumeRecord volume, @Nullable VolumeUsage usage) {
        return new Volume(
                volume.created(),
                volume.driver(),
                volume.labels(),
                mountpoint(volume),
                volume.name(),
                volume.options(),
                "local",
                null,
                usage);
    }

    /** Where a volume's files are said to be as long as it is not mounted: empty if only a plugin knows. */
    String mountpoint(VolumeRecord volume) {
        return volume.driver().equals(VolumeRecord.LOCAL) ? data(volume.name()).toString() : "";
    }

    /** Removes a volume with its files; with {@code force} also one whose plugin is gone. */
    public void remove(String name, boolean force) {
        String driver;
        try {
            driver = inTurn(name, () -> removed(name, force));
        } catch (EngineException e) {
            throw new EngineException(e.kind(), withName(name, e), e);
        }
        if (!driver.isEmpty()) {
            events.publish("volume", "destroy", name, Map.of("driver", driver));
        }
    }

    private static String withName(String name, EngineException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("get " + name) ? message : "remove " + name + ": " + message;
    }

    private String removed(String name, boolean force) {
        var record = locked(() -> volumes.get(name));
        if (record == null && force) {
            return "";
        }
        record = record == null ? fromPlugins(name) : record;
        if (record == null) {
            return known(name).driver();
        }
        var using = locked(
                () -> users.getOrDefault(name, Set.of()).stream().sorted().toList());
        if (!using.isEmpty()) {
            throw EngineException.conflict("volume is in use - " + using);
        }
        try {
            drivers.find(record.driver()).remove(name);
        } catch (EngineException e) {
            if (!force || record.driver().equals(VolumeRecord.LOCAL)) {
                throw e;
            }
            LOG.warn("remove {}: {}", name, e.getMessage());
        }
        database.removeVolume(name);
        locked(() -> volumes.remove(name));
        return record.driver();
    }

    /** Removes volumes nobody uses: anonymous ones, or with {@code all=true} the named ones, too. */
    public PruneVolumesResponse prune(Filters filters) {
        filters.allow(Set.of("label", "label!", "all"));
        boolean all = filters.bool("all", false);
        var removed = new ArrayList<String>();
        long freed = 0;
        List<VolumeRecord> candidates = locked(() -> volumes.values().stream()
                .filter(volume -> volume.driver().equals(VolumeRecord.LOCAL))
                .filter(volume -> !users.containsKey(volume.name()))
                .filter(volume -> all || volume.labels().containsKey(VolumeRecord.ANONYMOUS))
                .filter(volume -> filters.labels("label", volume.labels()))
                .filter(volume -> !filters.has("label!")
                        || !new Filters(Map.of("l", filters.of("label!"))).labels("l", volume.labels()))
                .toList());
        for (VolumeRecord volume : candidates) {
            long size = FileTree.size(data(volume.name()).getParent());
            try {
                remove(volume.name(), false);
                removed.add(volume.name());
                freed += size;
            } catch (EngineException e) {
                // a container may have come to use it meanwhile
                LOG.warn("could not remove volume {}: {}", volume.name(), e.getMessage());
            }
        }
        events.publish("volume", "prune", "", Map.of("reclaimed", Long.toString(freed)));
        return new PruneVolumesResponse(removed, freed);
    }
}
