package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A container of an ordinary user who may make no groups: it has no limits and cannot be stopped, and counts nothing. */
final class NoCgroup implements Cgroup {
    @Override
    public Map<String, String> paths() {
        return Map.of();
    }

    @Override
    public List<String> entryFiles() {
        return List.of();
    }

    /** Accepts what sets nothing. */
    @Override
    public void apply(Resources resources, boolean withDevices) throws IOException {
        new ResourcesV1(Map.of()).apply(resources, false);
    }

    @Override
    public CgroupStats stats() throws IOException {
        return StatsReader.ofV1(Map.of());
    }

    @Override
    public long oomKills() {
        return 0;
    }

    @Override
    public Watch watchOom(Linux linux, Poller poller, Runnable callback) throws IOException {
        throw missing();
    }

    private static IOException missing() {
        return new IOException("cgroup manager can not access cgroup (rootless container)");
    }

    @Override
    public List<Integer> pids() throws IOException {
        throw missing();
    }

    @Override
    public void freeze() throws IOException {
        throw new IOException("cannot toggle freezer: cgroups not configured for container");
    }

    @Override
    public void thaw() {
        // nothing is frozen
    }

    @Override
    public boolean isFrozen() {
        return false;
    }

    @Override
    public void kill() throws IOException {
        throw missing();
    }

    @Override
    public void delete() {
        // nothing was made
    }
}
