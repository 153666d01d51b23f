package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A directory in every version 1 hierarchy; in a hybrid system in the unified one, too, for {@code cgroup.kill}. */
final class CgroupV1 implements Cgroup {
    private static final int FREEZE_TRIES = 1000;

    private final Map<String, String> paths;
    private final Map<String, Path> byController = new LinkedHashMap<>();

    CgroupV1(CgroupLayout layout, Map<String, String> paths) {
        this.paths = Map.copyOf(paths);
        for (CgroupLayout.Hierarchy hierarchy : layout.hierarchies()) {
            String path = paths.get(hierarchy.name());
            if (path != null) {
                hierarchy.controllers().forEach(controller -> byController.put(controller, Path.of(path)));
            }
        }
    }

    static CgroupV1 create(CgroupLayout layout, String wanted) throws IOException {
        Map<String, String> own = wanted.startsWith("/") ? Map.of() : CgroupLayout.own();
        Map<String, String> paths = new LinkedHashMap<>();
        for (CgroupLayout.Hierarchy hierarchy : layout.hierarchies()) {
            paths.put(hierarchy.name(), make(hierarchy, own, wanted).toString());
        }
        if (layout.unified().isPresent()) {
            paths.put("", makeUnified(layout.unified().get(), own, wanted).toString());
        }
        return unlessFrozen(new CgroupV1(layout, paths));
    }

    /** A directory in those hierarchies where this process may make one; that can be none. */
    static Cgroup createIfPermitted(CgroupLayout layout, String wanted) throws IOException {
        Map<String, String> own = CgroupLayout.own();
        Map<String, String> paths = new LinkedHashMap<>();
        for (CgroupLayout.Hierarchy hierarchy : layout.hierarchies()) {
            ifPermitted(paths, hierarchy.name(), () -> make(hierarchy, own, wanted));
        }
        if (layout.unified().isPresent()) {
            ifPermitted(paths, "", () -> makeUnified(layout.unified().get(), own, wanted));
        }
        return paths.isEmpty() ? new NoCgroup() : unlessFrozen(new CgroupV1(layout, paths));
    }

    /** Makes a directory. */
    private interface Maker {
        Path make() throws IOException;
    }

    private static void ifPermitted(Map<String, String> paths, String name, Maker maker) throws IOException {
        try {
            paths.put(name, maker.make().toString());
        } catch (IOException e) {
            if (!CgroupFile.isForbidden(e)) {
                throw e;
            }
        }
    }

    private static Path make(CgroupLayout.Hierarchy hierarchy, Map<String, String> own, String wanted)
            throws IOException {
        Path directory = resolve(hierarchy.mountPoint(), own.getOrDefault(hierarchy.name(), "/"), wanted);
        if (hierarchy.controllers().contains("cpuset")) {
            makeCpuset(hierarchy.mountPoint(), directory);
        } else {
            CgroupTree.make(directory);
        }
        return directory;
    }

    private static Path makeUnified(Path mountPoint, Map<String, String> own, String wanted) throws IOException {
        return CgroupTree.make(resolve(mountPoint, own.getOrDefault("", "/"), wanted));
    }

    private static CgroupV1 unlessFrozen(CgroupV1 cgroup) throws IOException {
        if (cgroup.isFrozen()) {
            throw new IOException("container's cgroup unexpectedly frozen");
        }
        return cgroup;
    }

    /** {@code wanted} never leads out of the hierarchy, however many {@code ..} it has. */
    static Path resolve(Path mountPoint, String own, String wanted) {
        Path inside = Path.of("/").resolve(own).resolve(wanted).normalize();
        return mountPoint.resolve(Path.of("/").relativize(inside));
    }

    /** A cpuset without processors and memory nodes takes no process: every new level gets its parent's. */
    private static void makeCpuset(Path mountPoint, Path directory) throws IOException {
        Path parent = mountPoint;
        for (Path name : mountPoint.relativize(directory)) {
            Path level = parent.resolve(name);
            CgroupTree.make(level);
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (CgroupFile.read(level.resolve(file)).isEmpty()) {
                    CgroupFile.write(level.resolve(file), CgroupFile.read(parent.resolve(file)));
                }
            }
            parent = level;
        }
    }

    @Override
    public Map<String, String> paths() {
        return paths;
    }

    @Override
    public List<String> entryFiles() {
        List<String> files = new ArrayList<>();
        paths.forEach((name, path) -> files.add(path + (name.isEmpty() ? "/cgroup.procs" : "/tasks")));
        return files;
    }

    @Override
    public void apply(Resources resources, boolean withDevices) throws IOException {
        new ResourcesV1(byController).apply(resources, withDevices);
    }

    @Override
    public CgroupStats stats() throws IOException {
        return StatsReader.ofV1(byController);
    }

    @Override
    public long oomKills() throws IOException {
        Path memory = byController.get("memory");
        return memory == null
                ? 0
                : StatsReader.table(memory.resolve("memory.oom_control")).getOrDefault("oom_kill", 0L);
    }

    @Override
    public Watch watchOom(Linux linux, Poller poller, Runnable callback) throws IOException {
        Path memory = byController.get("memory");
        if (memory == null) {
            throw new IOException("memory cgroup is not mounted");
        }
        return OomWatch.ofV1(linux, poller, memory, callback);
    }

    private Path any() {
        Path path = byController.getOrDefault("devices", byController.get("freezer"));
        return path != null ? path : byController.values().iterator().next();
    }

    @Override
    public List<Integer> pids() throws IOException {
        return CgroupTree.pids(any());
    }

    private Optional<Path> freezer() {
        return Optional.ofNullable(byController.get("freezer")).map(path -> path.resolve("freezer.state"));
    }

    @Override
    public void freeze() throws IOException {
        Path state = freezer()
                .orElseThrow(() -> new IOException("cannot toggle freezer: cgroups not configured for container"));
        for (int tries = 0; tries < FREEZE_TRIES; tries++) {
            CgroupFile.write(state, "FROZEN");
            if (CgroupFile.read(state).equals("FROZEN")) {
                return;
            }
            // the kernel may hang in FREEZING when a process is being forked; thawing now and then helps
            if (tries % 50 == 49) {
                CgroupFile.write(state, "THAWED");
            }
            LockSupport.parkNanos(1_000_000);
        }
        CgroupFile.write(state, "THAWED");
        throw new IOException("unable to freeze");
    }

    @Override
    public void thaw() throws IOException {
        Optional<Path> state = freezer().filter(Files::exists);
        if (state.isPresent()) {
            CgroupFile.write(state.get(), "THAWED");
        }
    }

    @Override
    public boolean isFrozen() throws IOException {
        Optional<Path> state = freezer();
        return state.isPresent()
                && CgroupFile.readIfExists(state.get())
                        .filter(word -> !word.equals("THAWED"))
                        .isPresent();
    }

    @Override
    public void kill() throws IOException {
        Optional<Path> kill = unified().map(path -> path.resolve("cgroup.kill")).filter(Files::exists);
        if (kill.isPresent()) {
            CgroupFile.write(kill.get(), "1");
            thaw(); // what the version 1 freezer holds dies only then
            return;
        }
        try {
            if (freezer().filter(Files::exists).isPresent()) {
                freeze();
            }
            Signals.kill(pids());
        } finally {
            thaw();
        }
    }

    @Override
    public void delete() throws IOException {
        for (String path : paths.values()) {
            CgroupTree.delete(Path.of(path));
        }
    }
}
