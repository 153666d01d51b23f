package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which groups an additional process enters: the container's own, some below them, or where init has gone. */
final class ExecCgroups {
    private ExecCgroups() {}

    /**
     * @param below as {@link ExecRequest#subCgroups}
     * @throws IOException if a path leads out of the container's groups, or a controller is unknown
     */
    static List<String> entryFiles(Cgroup cgroup, int init, Map<String, String> below) throws IOException {
        if (below.isEmpty()) {
            return cgroup.entryFiles(init);
        }
        Map<String, String> paths = cgroup.paths();
        String everywhere = below.get("");
        List<String> files = new ArrayList<>();
        for (Map.Entry<String, String> path : paths.entrySet()) {
            String wanted = everywhere;
            for (String controller : path.getKey().split(",")) {
                wanted = wanted == null ? below.get(controller) : wanted;
            }
            // what is not named stays the container's own
            String file = path.getKey().isEmpty() ? "/cgroup.procs" : "/tasks";
            files.add(inside(path.getValue(), wanted == null ? "" : wanted) + file);
        }
        for (String controller : below.keySet()) {
            boolean known = paths.keySet().stream()
                    .anyMatch(name -> List.of(name.split(",")).contains(controller));
            if (!controller.isEmpty() && !known) {
                throw new IOException("unknown controller " + controller + " in SubCgroupPaths");
            }
        }
        return files;
    }

    private static Path inside(String group, String wanted) throws IOException {
        Path base = Path.of(group);
        Path path = base.resolve(wanted.replaceFirst("^/+", "")).normalize();
        if (!path.startsWith(base)) {
            throw new IOException(wanted + " is not a sub cgroup path");
        }
        return path;
    }
}
