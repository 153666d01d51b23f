package io.drydock.containerd.shim.program;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The control groups that a runtime's program has put a process into. */
final class ProgramCgroup {
    private ProgramCgroup() {}

    /** Those that are not this process's own, which hold more than the container; none once the process has ended. */
    static Cgroup of(int pid) throws IOException {
        CgroupLayout layout = CgroupLayout.read();
        Map<String, String> own = read("self");
        Map<String, String> paths = new HashMap<>();
        read(Integer.toString(pid)).forEach((controllers, path) -> {
            if (path.equals("/") || path.equals(own.get(controllers))) {
                return;
            }
            if (controllers.isEmpty()) {
                layout.unified().ifPresent(mounted -> paths.put("", mounted + path));
                return;
            }
            for (CgroupLayout.Hierarchy hierarchy : layout.hierarchies()) {
                if (hierarchy.name().equals(controllers)) {
                    paths.put(hierarchy.name(), hierarchy.mountPoint() + path);
                }
            }
        });
        return Cgroup.load(layout, paths);
    }

    /** Path by the hierarchy's controllers, which are empty for the unified one. */
    private static Map<String, String> read(String process) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc", process, "cgroup"));
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        Map<String, String> paths = new HashMap<>();
        for (String line : lines) {
            String[] fields = line.split(":", 3);
            paths.put(fields[1], fields[2]);
        }
        return paths;
    }
}
