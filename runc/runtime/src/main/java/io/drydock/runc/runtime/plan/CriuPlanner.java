package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.runc.runtime.Stdio;
import io.drydock.runc.runtime.criu.CriuProgram;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a {@code criu} that restores a container. The keeper runs it, because what is restored becomes a sibling of criu,
 * and so the keeper's child. It runs in the container's groups, and finds mount points that the spec would have made.
 */
public final class CriuPlanner implements AutoCloseable {
    private final Linux linux;
    private final PlanBuilder builder = new PlanBuilder();

    public CriuPlanner(Linux linux) {
        this.linux = linux;
    }

    /**
     * What it is started with.
     *
     * @param root the root file system, where criu shall find it
     * @param bundle what relative sources are relative to
     * @param socket for requests, gets number {@link CriuProgram#SOCKET}
     * @param extra get the numbers after it
     */
    public record Inputs(
            Path program,
            List<String> arguments,
            List<String> environment,
            Path root,
            Path bundle,
            List<String> entryFiles,
            Stdio stdio,
            Fd socket,
            List<Fd> extra) {}

    /** The plan; its descriptors are valid until this planner is closed. */
    public Plan plan(Spec spec, Inputs inputs) {
        builder.keeper(new Op.AutoRelease());
        CgroupEntry entry = new CgroupEntry(linux, builder);
        for (String file : inputs.entryFiles()) {
            builder.stage(entry.step(file));
        }
        int root = builder.slotToBeMade();
        builder.stage(new Op.OpenRoot(inputs.root().toString(), root));
        mountPoints(spec, root, inputs.bundle());
        builder.stage(new Op.Close(root));
        if (inputs.stdio() instanceof Stdio.Descriptors streams) {
            stream(streams.stdin(), 0);
            stream(streams.stdout(), 1);
            stream(streams.stderr(), 2);
            streams.held().forEach(held -> builder.keeper(new Op.Hold(builder.slot(held))));
        }
        List<Fd> rest = new ArrayList<>(List.of(inputs.socket()));
        rest.addAll(inputs.extra());
        for (int i = 0; i < rest.size(); i++) {
            builder.stage(new Op.Dup(builder.slot(rest.get(i)), CriuProgram.SOCKET + i));
        }
        builder.stage(new Op.Lookup("criu", List.of(inputs.program().toString())));
        builder.stage(new Op.Exec(inputs.arguments(), inputs.environment()));
        return builder.build();
    }

    private void stream(@Nullable Fd fd, int number) {
        if (fd != null) {
            builder.stage(new Op.Dup(builder.slot(fd), number));
        }
    }

    /** But not in what criu restores with all in it. Where one cannot be made criu says so. */
    private void mountPoints(Spec spec, int root, Path bundle) {
        Map<Path, Integer> above = new HashMap<>(Map.of(Path.of("/"), root));
        List<Path> restored = new ArrayList<>();
        for (Mount mount : spec.mounts()) {
            Path point = Path.of(mount.destination()).normalize();
            String type = mount.type() == null ? "" : mount.type();
            boolean inside = restored.stream().anyMatch(whole -> point.startsWith(whole) && !point.equals(whole));
            if (inside || type.startsWith("cgroup")) {
                continue;
            }
            boolean bind = MountOptions.parse(mount.options()).isBind();
            Path source = bundle.resolve(mount.source() == null ? "" : mount.source());
            mountPoint(above, point, bind && !Files.isDirectory(source));
            if (bind && Files.isDirectory(source) && isAboveOthers(spec, point)) {
                int slot = builder.slotToBeMade();
                builder.stage(new Op.OpenRoot(source.toString(), slot), Step.OPTIONAL | Step.QUIET);
                above.put(point, slot);
            } else if (type.equals("tmpfs")) {
                restored.add(point);
            }
        }
    }

    private static boolean isAboveOthers(Spec spec, Path point) {
        return spec.mounts().stream()
                .map(mount -> Path.of(mount.destination()).normalize())
                .anyMatch(other -> other.startsWith(point) && !other.equals(point));
    }

    /** Below the root or in the source of the innermost bind that covers the place. */
    private void mountPoint(Map<Path, Integer> above, Path point, boolean file) {
        Path base = above.keySet().stream()
                .filter(covering -> point.startsWith(covering) && !covering.equals(point))
                .max(Comparator.comparingInt(Path::getNameCount))
                .orElse(Path.of("/"));
        int slot = Objects.requireNonNull(above.get(base));
        Path rest = base.relativize(point);
        Path parent = rest.getParent();
        int optional = Step.OPTIONAL | Step.QUIET;
        if (!file) {
            builder.stage(new Op.MkdirIn(slot, "/" + rest, 0755), optional);
            return;
        }
        if (parent != null) {
            builder.stage(new Op.MkdirIn(slot, "/" + parent, 0755), optional);
        }
        builder.stage(new Op.MknodIn(slot, "/" + rest, Mode.REGULAR | 0644, 0, 0, 0, 0), optional);
    }

    @Override
    public void close() {
        builder.close();
    }
}
