package io.drydock.runc.runtime.plan;

import io.drydock.linux.CloneFlags;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.runc.runtime.ExecRequest;
import io.drydock.spec.oci.runtime.CpuAffinity;
import io.drydock.spec.oci.runtime.MemoryPolicy;
import io.drydock.spec.oci.runtime.Personality;
import io.drydock.spec.oci.runtime.Process;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The plan of a process that enters a running container. */
public final class ExecPlanner implements AutoCloseable {
    private final PlanBuilder builder = new PlanBuilder();

    /**
     * What the plan needs beside the process.
     *
     * @param exitFile where the keeper writes how it ended; empty if it is to forget the process then
     * @param initPidfd names the namespaces to enter
     * @param initPid the same process, to compare its namespaces with ours
     * @param entryFiles those to which a process writes {@code 0} to enter the container's groups
     * @param personality the container's, as the memory policy
     */
    public record Inputs(
            ExecRequest request,
            String exitFile,
            Fd initPidfd,
            int initPid,
            List<String> entryFiles,
            @Nullable SeccompFilter seccomp,
            @Nullable Personality personality,
            @Nullable MemoryPolicy memoryPolicy,
            long availableCapabilities,
            Consumer<String> warnings) {}

    /** The plan; its descriptors are valid until this planner is closed. */
    public Plan plan(Linux linux, Process process, Inputs inputs) throws InvalidSpecException, LinuxException {
        int kinds = foreignNamespaces(linux, inputs.initPid());
        boolean inUserNamespace = (kinds & CloneFlags.NEWUSER) != 0;
        builder.keeper(inputs.exitFile().isEmpty() ? new Op.AutoRelease() : new Op.ExitFile(inputs.exitFile()));
        if (inputs.request().handOver()) {
            builder.keeper(new Op.Retire());
        }
        ProcessPlanner program =
                new ProcessPlanner(builder, process, inputs.availableCapabilities(), inputs.warnings());
        program.labels().forEach(builder::pre); // while /proc is the host's
        CpuAffinity wanted = process.execCPUAffinity();
        String initial = wanted == null ? null : wanted.initial();
        boolean boundBefore = isGiven(initial);
        if (boundBefore) {
            builder.pre(new Op.Affinity(CpuList.mask(initial)));
        }
        CgroupEntry entry = new CgroupEntry(linux, builder);
        for (String file : inputs.entryFiles()) {
            // the initial CPUs are those before the group, and may not be the group's
            builder.pre(boundBefore ? CgroupEntry.written(file) : entry.step(file));
        }
        if (!inUserNamespace) {
            builder.pre(new Op.Dumpable(false));
        }
        builder.pre(new Op.Setns(builder.slot(inputs.initPidfd()), kinds));
        int root = builder.slotToBeMade();
        if (inUserNamespace) {
            builder.stage(new Op.Ids(0, 0, false, List.of()));
        }
        builder.stage(new Op.Setsid());
        affinity(process.execCPUAffinity());
        if (inputs.personality() != null) {
            builder.stage(new Op.Personality(ContainerPlanner.persona(inputs.personality())));
        }
        builder.stage(new Op.OpenRoot("/", root));
        program.limits(inputs.memoryPolicy());
        program.streams(inputs.request().stdio(), root, false, inputs.request().preserved());
        builder.stage(new Op.Close(root));
        program.identity(inputs.seccomp(), inUserNamespace);
        program.lookup();
        program.seal(inputs.seccomp());
        program.execute();
        return builder.build();
    }

    /**
     * Those of the container that are not ours: entering one's own user namespace is an error. A kind that this kernel does not
     * have (time, before 5.6 or where it was left out) is nobody's.
     */
    private static int foreignNamespaces(Linux linux, int pid) throws LinuxException {
        int kinds = 0;
        for (NamespacePlanner.Kind kind : NamespacePlanner.Kind.values()) {
            String name =
                    switch (kind) {
                        case MOUNT -> "mnt";
                        case PID -> "pid";
                        case NETWORK -> "net";
                        case IPC -> "ipc";
                        case UTS -> "uts";
                        case USER -> "user";
                        case CGROUP -> "cgroup";
                        case TIME -> "time";
                    };
            String theirs = Path.of("/proc", Integer.toString(pid), "ns", name).toString();
            String ours = "/proc/self/ns/" + name;
            if (kind == NamespacePlanner.Kind.TIME && !Files.exists(Path.of(ours), LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (!linux.files().readlinkat(Fd.CWD, theirs).equals(linux.files().readlinkat(Fd.CWD, ours))) {
                kinds |= kind.flag;
            }
        }
        return kinds;
    }

    /** In the container's groups by now: what is wanted there, else not what the runtime was bound to. */
    private void affinity(@Nullable CpuAffinity wanted) throws InvalidSpecException {
        if (wanted != null && isGiven(wanted.finalSet())) {
            builder.stage(new Op.Affinity(CpuList.mask(wanted.finalSet())));
        } else if (wanted == null || !isGiven(wanted.initial())) {
            builder.stage(new Op.Affinity(CpuList.all()), Step.OPTIONAL | Step.QUIET);
        }
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    @Override
    public void close() {
        builder.close();
    }
}
