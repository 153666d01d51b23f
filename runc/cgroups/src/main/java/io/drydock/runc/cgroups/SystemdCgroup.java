package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.runc.cgroups.dbus.Variant;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Groups that belong to a unit of systemd: a transient scope, which lives as long as a process is in it. Limits are told to systemd
 * and written to the groups.
 */
final class SystemdCgroup implements Cgroup {
    private final Systemd systemd;
    private final String unit;
    private final Cgroup groups;
    private final boolean unified;
    private @Nullable Runnable release;

    SystemdCgroup(Systemd systemd, String unit, Cgroup groups, boolean unified, @Nullable Runnable release) {
        this.systemd = systemd;
        this.unit = unit;
        this.groups = groups;
        this.unified = unified;
        this.release = release;
    }

    /** Makes the unit with a process that stays in it until the container's own has come; {@code above}: of the manager. */
    static SystemdCgroup create(
            CgroupLayout layout,
            Systemd systemd,
            SystemdName name,
            String above,
            int placeholder,
            Runnable release,
            List<Object> extra)
            throws IOException {
        List<Object> properties = new ArrayList<>();
        properties.add(Systemd.property("Description", Variant.of("libcontainer container " + name.container())));
        if (name.isSlice()) {
            properties.add(Systemd.property("Wants", new Variant("as", List.of(name.slice()))));
        } else {
            properties.add(Systemd.property("Slice", Variant.of(name.slice())));
            properties.add(Systemd.property("Delegate", Variant.of(true)));
            properties.add(Systemd.property("PIDs", new Variant("au", List.of(placeholder))));
        }
        for (String accounting : List.of("Memory", "CPU", layout.isUnified() ? "IO" : "BlockIO", "Tasks")) {
            properties.add(Systemd.property(accounting + "Accounting", Variant.of(true)));
        }
        properties.add(Systemd.property("DefaultDependencies", Variant.of(false)));
        properties.addAll(extra);
        systemd.start(name.unit(), properties);
        try {
            Cgroup groups = Cgroup.create(layout, above + name.path(), name.container());
            return new SystemdCgroup(systemd, name.unit(), groups, layout.isUnified(), release);
        } catch (IOException e) {
            systemd.stop(name.unit());
            throw e;
        }
    }

    @Override
    public synchronized void entered() {
        if (release != null) {
            release.run();
            release = null;
        }
    }

    @Override
    public Optional<String> unit() {
        return Optional.of(unit);
    }

    @Override
    public Map<String, String> paths() {
        return groups.paths();
    }

    @Override
    public List<String> entryFiles() {
        return groups.entryFiles();
    }

    @Override
    public List<String> entryFiles(int first) throws IOException {
        return groups.entryFiles(first);
    }

    @Override
    public void apply(Resources resources, boolean withDevices) throws IOException {
        List<Object> properties = SystemdProperties.of(resources, unified, withDevices, systemd.version());
        if (!properties.isEmpty()) {
            systemd.set(unit, properties);
        }
        groups.apply(resources, withDevices);
    }

    @Override
    public CgroupStats stats() throws IOException {
        return groups.stats();
    }

    @Override
    public long oomKills() throws IOException {
        return groups.oomKills();
    }

    @Override
    public Watch watchOom(Linux linux, Poller poller, Runnable callback) throws IOException {
        return groups.watchOom(linux, poller, callback);
    }

    @Override
    public List<Integer> pids() throws IOException {
        return groups.pids();
    }

    @Override
    public void freeze() throws IOException {
        groups.freeze();
    }

    @Override
    public void thaw() throws IOException {
        groups.thaw();
    }

    @Override
    public boolean isFrozen() throws IOException {
        return groups.isFrozen();
    }

    @Override
    public void kill() throws IOException {
        groups.kill();
    }

    /** Some of the groups are not systemd's, or not removed by it. */
    @Override
    public void delete() throws IOException {
        entered();
        try {
            systemd.stop(unit);
        } finally {
            groups.delete();
        }
    }
}
