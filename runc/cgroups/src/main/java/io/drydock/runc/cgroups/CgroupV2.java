package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One directory of the unified hierarchy. */
final class CgroupV2 implements Cgroup {
    private static final int FREEZE_TRIES = 10_000;

    private final Path path;

    CgroupV2(Path path) {
        this.path = path;
    }

    static CgroupV2 create(CgroupLayout layout, String wanted) throws IOException {
        Path root = layout.unified().orElseThrow(() -> new IOException("cgroup2 is not mounted"));
        String own = wanted.startsWith("/") ? "/" : CgroupLayout.own().getOrDefault("", "/");
        Path path = CgroupV1.resolve(root, own, wanted);
        delegate(root, path);
        CgroupV2 cgroup = new CgroupV2(path);
        if (cgroup.isFrozen()) {
            throw new IOException("container's cgroup unexpectedly frozen");
        }
        return cgroup;
    }

    /** Makes each level and lets it hand all its controllers down; one that refuses (it has processes of its own) keeps them. */
    private static void delegate(Path root, Path path) throws IOException {
        List<Path> levels = new ArrayList<>();
        Path above = root;
        for (Path name : root.relativize(path)) {
            levels.add(above);
            above = above.resolve(name);
        }
        for (Path level : levels) {
            CgroupTree.make(level);
            for (String controller :
                    CgroupFile.read(level.resolve("cgroup.controllers")).split(" ")) {
                if (!controller.isEmpty()) {
                    enable(level, controller);
                }
            }
        }
        CgroupTree.make(path);
    }

    private static void enable(Path level, String controller) throws IOException {
        Path control = level.resolve("cgroup.subtree_control");
        if (List.of(CgroupFile.read(control).split(" ")).contains(controller)) {
            return;
        }
        try {
            CgroupFile.write(control, '+' + controller);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("busy")
                    && !String.valueOf(e.getMessage()).contains("not supported")) {
                throw e;
            }
        }
    }

    @Override
    public Map<String, String> paths() {
        return Map.of("", path.toString());
    }

    @Override
    public List<String> entryFiles() {
        return List.of(path + "/cgroup.procs");
    }

    @Override
    public List<String> entryFiles(int first) throws IOException {
        String handedDown =
                CgroupFile.readIfExists(path.resolve("cgroup.subtree_control")).orElse("");
        if (handedDown.isEmpty()) {
            return entryFiles();
        }
        // as this process sees it, from the root of its own group namespace
        String below = CgroupLayout.of(first).getOrDefault("", "/");
        Path root = CgroupLayout.read().unified().orElseThrow(() -> new IOException("cgroup2 is not mounted"));
        return List.of(
                CgroupV1.resolve(root, "/", below).resolve("cgroup.procs").toString());
    }

    @Override
    public void apply(Resources resources, boolean withDevices) throws IOException {
        if (withDevices) {
            new DeviceFilter(Linux.system()).apply(path, resources.devices());
        }
        new ResourcesV2(path).apply(resources);
    }

    @Override
    public CgroupStats stats() throws IOException {
        return StatsReader.ofV2(path);
    }

    @Override
    public long oomKills() throws IOException {
        return StatsReader.table(path.resolve("memory.events")).getOrDefault("oom_kill", 0L);
    }

    @Override
    public Watch watchOom(Linux linux, Poller poller, Runnable callback) throws IOException {
        return OomWatch.ofV2(linux, poller, path, callback);
    }

    @Override
    public List<Integer> pids() throws IOException {
        return CgroupTree.pids(path);
    }

    @Override
    public void freeze() throws IOException {
        CgroupFile.write(path.resolve("cgroup.freeze"), "1");
        for (int tries = 0; tries < FREEZE_TRIES; tries++) {
            if (CgroupFile.read(path.resolve("cgroup.events")).contains("frozen 1")) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
        thaw();
        throw new IOException("unable to freeze");
    }

    @Override
    public void thaw() throws IOException {
        Path freeze = path.resolve("cgroup.freeze");
        if (Files.exists(freeze)) {
            CgroupFile.write(freeze, "0");
        }
    }

    @Override
    public boolean isFrozen() throws IOException {
        return CgroupFile.readIfExists(path.resolve("cgroup.freeze"))
                .filter("1"::equals)
                .isPresent();
    }

    @Override
    public void kill() throws IOException {
        Path kill = path.resolve("cgroup.kill");
        if (Files.exists(kill)) {
            CgroupFile.write(kill, "1");
            return;
        }
        freeze();
        Signals.kill(pids());
        thaw();
    }

    @Override
    public void delete() throws IOException {
        CgroupTree.delete(path);
    }
}
