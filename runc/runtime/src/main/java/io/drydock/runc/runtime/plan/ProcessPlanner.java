package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import io.drydock.runc.runtime.Stdio;
import io.drydock.spec.oci.runtime.Box;
import io.drydock.spec.oci.runtime.Capabilities;
import io.drydock.spec.oci.runtime.IoPriority;
import io.drydock.spec.oci.runtime.MemoryPolicy;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Rlimit;
import io.drydock.spec.oci.runtime.User;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an init and an exec have in common: streams, limits, identity, program. */
final class ProcessPlanner {
    private static final User ROOT = new User(0, 0, null, List.of(), null);

    private final PlanBuilder builder;
    private final Process process;
    private final User user;
    private final List<String> environment;
    private final long availableCapabilities;
    private final Consumer<String> warnings;

    /** {@code availableCapabilities}: this system's bounding set; what it lacks is left out with a warning, as runc does. */
    ProcessPlanner(PlanBuilder builder, Process process, long availableCapabilities, Consumer<String> warnings)
            throws InvalidSpecException {
        this.builder = builder;
        this.process = SpecValidator.process(process);
        this.user = process.user() == null ? ROOT : process.user();
        this.environment = lastOfEach(process.env());
        this.availableCapabilities = availableCapabilities;
        this.warnings = warnings;
    }

    /** What the kernel's security modules are to make of the program: it counts from its execution on. */
    List<Op.Write> labels() {
        List<Op.Write> labels = new ArrayList<>();
        String profile = process.apparmorProfile();
        if (profile != null && !profile.isEmpty()) {
            labels.add(new Op.Write("/proc/self/attr/apparmor/exec", "exec " + profile));
        }
        String label = process.selinuxLabel();
        if (label != null && !label.isEmpty()) {
            labels.add(new Op.Write("/proc/self/attr/exec", label));
        }
        return labels;
    }

    /** The last value of a name counts; an empty HOME is none. */
    private static List<String> lastOfEach(List<String> entries) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String entry : entries.reversed()) {
            int equals = entry.indexOf('=');
            byName.putIfAbsent(equals < 0 ? entry : entry.substring(0, equals), entry);
        }
        byName.remove("HOME", "HOME=");
        return List.copyOf(byName.values()).reversed();
    }

    private static int id(long id) {
        return (int) id;
    }

    /** Before anything else that can fail for lack of them. */
    void limits(@Nullable MemoryPolicy memory) throws InvalidSpecException {
        Integer score = process.oomScoreAdj();
        if (score != null) {
            builder.stage(new Op.Write("/proc/self/oom_score_adj", Integer.toString(score)), Step.OPTIONAL);
        }
        for (Rlimit limit : process.rlimits()) {
            int number = Rlimits.number(limit.type());
            builder.stage(new Op.Rlimit(limit.type(), number, value(limit.soft()), value(limit.hard())), Step.OPTIONAL);
        }
        IoPriority io = process.ioPriority();
        if (io != null) {
            builder.stage(new Op.IoPriority(ioClass(io.ioClass()) << 13 | io.priority()));
        }
        if (process.scheduler() != null) {
            builder.stage(new Op.Scheduler(SchedulerAttributes.encode(process.scheduler())));
        }
        if (memory != null) {
            builder.stage(MemoryPolicies.plan(memory));
        }
    }

    private static long value(@Nullable BigInteger limit) {
        return limit == null ? 0 : limit.longValue();
    }

    private static int ioClass(@Nullable String name) throws InvalidSpecException {
        return switch (name == null ? "" : name) {
            case "IOPRIO_CLASS_RT" -> 1;
            case "IOPRIO_CLASS_BE" -> 2;
            case "IOPRIO_CLASS_IDLE" -> 3;
            default -> throw new InvalidSpecException("invalid ioPriority.Class: " + name);
        };
    }

    /** Streams or terminal, then descriptors to hand on. */
    void streams(Stdio stdio, int root, boolean devConsole, List<Fd> preserved) throws InvalidSpecException {
        switch (stdio) {
            case Stdio.Terminal terminal -> {
                if (!process.terminal()) {
                    throw new InvalidSpecException("a terminal was given, but the process asks for none");
                }
                Box box = process.consoleSize();
                int rows = terminal.size() != null ? terminal.size().rows() : box == null ? 0 : box.height();
                int columns = terminal.size() != null ? terminal.size().columns() : box == null ? 0 : box.width();
                builder.stage(new Op.Console(root, rows, columns, devConsole));
            }
            case Stdio.Descriptors descriptors -> {
                if (process.terminal()) {
                    throw new InvalidSpecException(
                            "cannot allocate tty if runc will detach without setting console socket");
                }
                stream(descriptors.stdin(), 0);
                stream(descriptors.stdout(), 1);
                stream(descriptors.stderr(), 2);
                for (Fd held : descriptors.held()) {
                    builder.keeper(new Op.Hold(builder.slot(held)));
                }
            }
        }
        for (int i = 0; i < preserved.size(); i++) {
            builder.stage(new Op.Dup(builder.slot(preserved.get(i)), 3 + i));
        }
    }

    private void stream(@Nullable Fd fd, int number) {
        if (fd != null) {
            builder.stage(new Op.Dup(builder.slot(fd), number));
        }
    }

    /** From here to the point where only the start is missing. */
    void identity(@Nullable SeccompFilter seccomp, boolean inUserNamespace) {
        Capabilities wanted = process.capabilities();
        List<String> unknown = new ArrayList<>();
        if (process.noNewPrivileges()) {
            builder.stage(new Op.NoNewPrivs());
        } else if (seccomp != null) {
            builder.stage(new Op.Seccomp(seccomp.program(), seccomp.flags()));
        }
        if (wanted != null) {
            builder.stage(new Op.CapBound(set(wanted.bounding(), unknown, "bounding")));
        }
        builder.stage(new Op.KeepCaps(true));
        for (int fd = 0; fd < 3; fd++) {
            builder.stage(new Op.ChownFd(fd, id(user.uid())));
        }
        Integer umask = user.umask();
        builder.stage(new Op.Umask(umask == null ? 022 : umask));
        String cwd = process.cwd() == null ? "/" : process.cwd();
        // as root first, for directories only it can reach; then as the user, for those only the user can (NFS)
        builder.stage(new Op.Chdir(cwd, false), Step.OPTIONAL | Step.QUIET);
        List<Integer> groups =
                user.additionalGids().stream().map(Long::intValue).toList();
        builder.stage(new Op.Ids(id(user.uid()), id(user.gid()), !inUserNamespace || !groups.isEmpty(), groups));
        builder.stage(new Op.Chdir(cwd, false));
        capabilities(wanted, unknown);
        if (!unknown.isEmpty()) {
            warnings.accept("ignoring unknown or unavailable capabilities: " + unknown);
        }
    }

    private void capabilities(@Nullable Capabilities wanted, List<String> unknown) {
        if (wanted == null) {
            builder.stage(new Op.KeepCaps(false));
            return;
        }
        long permitted = set(wanted.permitted(), unknown, "permitted");
        long effective = set(wanted.effective(), unknown, "effective");
        long inheritable = set(wanted.inheritable(), unknown, "inheritable");
        builder.stage(new Op.CapSet(effective & permitted, permitted, inheritable));
        builder.stage(new Op.KeepCaps(false));
        long ambient = set(wanted.ambient(), unknown, "ambient");
        long possible = ambient & inheritable & permitted;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if (((ambient & ~possible) >>> bit & 1) != 0) {
                warnings.accept("can't raise ambient capability "
                        + CapabilityNames.all().get(bit) + ": operation not permitted");
            }
        }
        builder.stage(new Op.CapAmbient(possible));
    }

    private long set(@Nullable List<String> names, List<String> unknown, String which) {
        long set = CapabilityNames.set(names, unknown);
        return set & availableCapabilities;
    }

    /** Finds the program; errors here are told at create. */
    void lookup() {
        if (environment.stream().noneMatch(entry -> entry.startsWith("HOME="))) {
            builder.stage(new Op.Home(id(user.uid())));
        }
        String name = process.args().getFirst();
        builder.stage(new Op.Lookup(name, candidates(name)));
    }

    private List<String> candidates(String name) {
        if (name.indexOf('/') >= 0) {
            return List.of(name);
        }
        String path = "";
        for (String entry : environment) {
            if (entry.startsWith("PATH=")) {
                path = entry.substring(5);
            }
        }
        List<String> candidates = new ArrayList<>();
        int at = 0;
        while (!path.isEmpty() && at <= path.length()) {
            int colon = path.indexOf(':', at);
            int end = colon < 0 ? path.length() : colon;
            String directory = path.substring(at, end);
            candidates.add((directory.isEmpty() ? "." : directory) + '/' + name);
            at = end + 1;
        }
        return candidates;
    }

    /** As late as possible where that is allowed without rights; what comes after is under the filter, hooks too. */
    void seal(@Nullable SeccompFilter seccomp) {
        if (process.noNewPrivileges() && seccomp != null) {
            builder.stage(new Op.Seccomp(seccomp.program(), seccomp.flags()));
        }
    }

    /** The last step. */
    void execute() {
        builder.stage(new Op.Exec(process.args(), environment));
    }
}
