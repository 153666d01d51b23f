package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.runc.runtime.Stdio;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a {@code criu} that restores a container. The keeper runs it, because what is restored becomes a sibling of criu,
 * and so the keeper's child. It runs in the container's groups, and finds mount points that the spec would have made.
 */
public final class CriuPlanner implements AutoCloseable {
    private static final int FIRST_EXTRA = 4;

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
     * @param socket for requests, gets number 3
     * @param extra get numbers from 4
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
            builder.stage(new Op.Dup(builder.slot(rest.get(i)), FIRST_EXTRA - 1 + i));
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
        List<Path> restored = new ArrayList<>();
        for (Mount mount : spec.mounts()) {
            Path point = Path.of(mount.destination()).normalize();
            boolean inside = restored.stream().anyMatch(above -> point.startsWith(above) && !point.equals(above));
            String type = mount.type() == null ? "" : mount.type();
            if (type.equals("tmpfs")) {
                restored.add(point);
            }
            if (inside || type.startsWith("cgroup")) {
                continue;
            }
            boolean file = MountOptions.parse(mount.options()).isBind()
                    && !Files.isDirectory(bundle.resolve(mount.source() == null ? "" : mount.source()));
            if (file) {
                if (point.getParent() != null) {
                    builder.stage(new Op.MkdirIn(root, point.getParent().toString(), 0755), Step.OPTIONAL | Step.QUIET);
                }
                builder.stage(
                        new Op.MknodIn(root, point.toString(), Mode.REGULAR | 0644, 0, 0, 0, 0),
                        Step.OPTIONAL | Step.QUIET);
            } else {
                builder.stage(new Op.MkdirIn(root, point.toString(), 0755), Step.OPTIONAL | Step.QUIET);
            }
        }
    }

    @Override
    public void close() {
        builder.close();
    }
}
