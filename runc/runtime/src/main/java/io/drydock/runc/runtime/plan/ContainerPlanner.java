package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Ms;
import io.drydock.runc.runtime.CreateRequest;
import io.drydock.runc.runtime.plan.NamespacePlanner.Kind;
import io.drydock.spec.oci.runtime.Hook;
import io.drydock.spec.oci.runtime.Hooks;
import io.drydock.spec.oci.runtime.Mount;
import io.drydock.spec.oci.runtime.Personality;
import io.drydock.spec.oci.runtime.Process;
import io.drydock.spec.oci.runtime.Spec;
import io.drydock.spec.oci.runtime.TimeOffset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a container's init, from a validated spec. In order:
 *
 * <pre>
 * enter cgroups → join namespaces → session, limits → mounts → devices → terminal and streams → [runtime's hooks]
 * → createContainer hooks → sysctls, masks → pivot → identity → find program → filter → (wait for start)
 * → startContainer hooks → exec
 * </pre>
 *
 * Everything that writes to the host's /proc or resolves a path of the host comes before the pivot; nothing after it trusts a
 * path.
 */
public final class ContainerPlanner implements AutoCloseable {
    private final Linux linux;
    private final Spec spec;
    private final io.drydock.spec.oci.runtime.Linux platform;
    private final Process process;
    private final Inputs inputs;
    private final PlanBuilder builder = new PlanBuilder();
    private final NamespacePlanner namespaces;
    private final boolean rootless;
    private final int root = builder.slotToBeMade();

    /**
     * What the plan needs beside the spec.
     *
     * @param rootfs absolute
     * @param entryFiles those to which a process writes {@code 0} to enter the container's groups
     * @param hookState what createContainer and startContainer hooks read; null if there are none
     */
    public record Inputs(
            CreateRequest request,
            Path rootfs,
            CgroupView cgroups,
            List<String> entryFiles,
            @Nullable SeccompFilter seccomp,
            @Nullable Fd hookState,
            long availableCapabilities,
            java.util.function.Consumer<String> warnings) {}

    public ContainerPlanner(Linux linux, Spec spec, Inputs inputs) throws InvalidSpecException {
        this.linux = linux;
        this.spec = spec;
        this.inputs = inputs;
        this.platform = SpecValidator.validate(spec);
        this.process = SpecValidator.process(spec.process());
        this.namespaces = new NamespacePlanner(platform.namespaces());
        this.rootless = linux.processes().geteuid() != 0;
        if (rootless) {
            Rootless.check(spec, platform, namespaces);
        }
    }

    /** The plan; its descriptors are valid until this planner is closed. */
    public Plan plan() throws InvalidSpecException {
        ProcessPlanner program =
                new ProcessPlanner(builder, process, inputs.availableCapabilities(), inputs.warnings());
        boolean inUserNamespace = namespaces.has(Kind.USER);
        builder.keeper(new Op.ExitFile("exit"));
        if (inputs.request().options().handOver()) {
            builder.keeper(new Op.Retire());
        }
        idMaps();
        cgroups();
        namespaces.plan(linux, builder);
        timeNamespace();
        if (inUserNamespace) {
            builder.stage(new Op.Ids(0, 0, false, List.of()));
        } else {
            builder.stage(new Op.Dumpable(false));
        }
        builder.stage(new Op.Setsid());
        // not what the runtime was bound to; the cpuset still counts
        builder.stage(new Op.Affinity(CpuList.all()), Step.OPTIONAL | Step.QUIET);
        if (!inputs.request().options().noNewKeyring()) {
            builder.stage(new Op.Keyring("_ses." + inputs.request().id()), Step.OPTIONAL | Step.QUIET);
        }
        if (namespaces.isNew(Kind.CGROUP)) {
            builder.stage(new Op.Unshare(Kind.CGROUP.flag));
        }
        if (namespaces.isNew(Kind.NETWORK)) {
            builder.stage(new Op.Loopback());
        }
        program.limits(platform.memoryPolicy());
        rootfs();
        boolean ownDev = mountsAndDevices(inUserNamespace);
        String cwd = process.cwd() == null ? "/" : process.cwd();
        builder.stage(new Op.MkdirIn(root, cwd, 0755));
        program.streams(inputs.request().stdio(), root, ownDev, inputs.request().preserved());
        if (ownDev) {
            builder.stage(new Op.ReopenNull(root), Step.IF_EXISTS);
        }
        hooksBeforePivot();
        names();
        program.labels().forEach(builder::stage);
        platform.sysctl().forEach((key, value) -> builder.stage(new Op.Write(sysctlPath(key), value)));
        protect();
        pivot();
        personality();
        program.identity(inputs.seccomp(), inUserNamespace);
        program.lookup();
        program.seal(inputs.seccomp());
        builder.stage(new Op.Sync(Op.Sync.START));
        Hooks hooks = spec.hooks();
        if (hooks != null) {
            hooks("startContainer", hooks.startContainer());
        }
        program.execute();
        return builder.build();
    }

    private void idMaps() throws InvalidSpecException {
        if (!namespaces.isNew(Kind.USER)) {
            return;
        }
        if (rootless) {
            int uid = linux.processes().geteuid();
            new Rootless(uid, linux.processes().getgid(), System.getenv("PATH")).maps(builder, platform, process);
            return;
        }
        builder.keeper(new Op.IdMaps(
                MappedMounts.text(platform.uidMappings()), MappedMounts.text(platform.gidMappings()), false));
    }

    /** Who is root of a new user namespace only may not write there any more, so the one before does, and is followed. */
    private void cgroups() {
        boolean before = namespaces.needsProcessBetween() || namespaces.has(Kind.USER);
        CgroupEntry entry = new CgroupEntry(linux, builder);
        for (String file : inputs.entryFiles()) {
            Step step = entry.step(file);
            if (before) {
                builder.pre(step);
            } else {
                builder.stage(step);
            }
        }
    }

    private void timeNamespace() {
        if (!namespaces.isNew(Kind.TIME)) {
            return;
        }
        builder.pre(new Op.Unshare(Kind.TIME.flag));
        StringBuilder offsets = new StringBuilder();
        for (Map.Entry<String, TimeOffset> entry : platform.timeOffsets().entrySet()) {
            TimeOffset offset = entry.getValue();
            offsets.append(entry.getKey())
                    .append(' ')
                    .append(offset.secs())
                    .append(' ')
                    .append(offset.nanosecs())
                    .append('\n');
        }
        if (!offsets.isEmpty()) {
            builder.pre(new Op.Write("/proc/self/timens_offsets", offsets.toString()));
        }
    }

    /** Makes the root a mount of its own that nothing of the host propagates to, and opens it. */
    private void rootfs() throws InvalidSpecException {
        String path = inputs.rootfs().toString();
        long propagation =
                MountOptions.propagationFlag(platform.rootfsPropagation() == null ? "" : platform.rootfsPropagation());
        if (namespaces.has(Kind.MOUNT)) {
            builder.stage(new Op.Mount("", "/", "", propagation == 0 ? Ms.SLAVE | Ms.REC : propagation, ""));
        }
        if (propagation != 0 && (propagation & Ms.SHARED) != 0) {
            builder.stage(new Op.Mount("", MountPoints.containing(inputs.rootfs()), "", Ms.PRIVATE, ""));
        }
        List<CreateRequest.RootfsMount> mounts = inputs.request().rootfsMounts();
        for (CreateRequest.RootfsMount mount : mounts) {
            MountOptions options = MountOptions.parse(mount.options());
            builder.stage(new Op.Mount(mount.source(), path, mount.type(), options.flags(), options.data()));
        }
        if (mounts.isEmpty() || propagation != 0 && (propagation & Ms.SHARED) != 0) {
            builder.stage(new Op.Mount(path, path, "bind", Ms.BIND | Ms.REC, ""));
        }
        builder.stage(new Op.OpenRoot(path, root));
    }

    /** Whether /dev is the container's own. */
    private boolean mountsAndDevices(boolean inUserNamespace) throws InvalidSpecException {
        MappedMounts mapped = new MappedMounts(linux, builder, platform, namespaces, inputs.rootfs());
        MountPlanner mounts = new MountPlanner(builder, root, inputs.request().bundle(), inputs.cgroups(), mapped);
        mounts.plan(spec.mounts());
        boolean ownDev = spec.mounts().stream().noneMatch(DEV_BIND);
        if (ownDev) {
            new DevicePlanner(builder, root, inUserNamespace).plan(platform.devices());
        }
        later = mounts;
        return ownDev;
    }

    private static final java.util.function.Predicate<Mount> DEV_BIND =
            mount -> Path.of(mount.destination()).normalize().toString().equals("/dev")
                    && MountOptions.parse(mount.options()).isBind();

    private @Nullable MountPlanner later;

    private void hooksBeforePivot() throws InvalidSpecException {
        Hooks hooks = spec.hooks();
        boolean hooked = hooks != null
                && !(hooks.prestart().isEmpty() && hooks.createRuntime().isEmpty());
        if (hooked || !platform.netDevices().isEmpty()) {
            builder.stage(new Op.Sync(Op.Sync.RUNTIME_HOOKS));
        }
        if (hooks == null) {
            return;
        }
        if (!hooks.createContainer().isEmpty()) {
            builder.stage(new Op.Enter(root));
        }
        hooks("createContainer", hooks.createContainer());
    }

    private void hooks(String kind, List<Hook> hooks) throws InvalidSpecException {
        Fd state = inputs.hookState();
        if (hooks.isEmpty()) {
            return;
        }
        if (state == null) {
            throw new InvalidSpecException("no state for " + kind + " hooks");
        }
        int slot = hookSlot < 0 ? hookSlot = builder.slot(state) : hookSlot;
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            int seconds = hook.timeout() == null ? 0 : hook.timeout();
            List<String> args = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
            boolean inside = kind.equals("startContainer");
            List<String> inherited = inside ? process.env() : ownEnvironment();
            builder.stage(
                    new Op.Hook(
                            kind, i, slot, hook.path(), args, hook.env().isEmpty() ? inherited : hook.env(), seconds),
                    inside && hook.env().isEmpty() ? Step.HOME : 0);
        }
    }

    private int hookSlot = -1;

    /** A hook of whose environment nothing is said has the runtime's, or that of the program it runs before. */
    private static List<String> ownEnvironment() {
        return System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + '=' + entry.getValue())
                .toList();
    }

    private void names() {
        if (spec.hostname() != null && !spec.hostname().isEmpty()) {
            builder.stage(new Op.Hostname(spec.hostname()));
        }
        if (spec.domainname() != null && !spec.domainname().isEmpty()) {
            builder.stage(new Op.Domainname(spec.domainname()));
        }
    }

    /** Dots and slashes are interchangeable as in sysctl(8): the first that occurs separates. */
    private static String sysctlPath(String key) {
        int dot = key.indexOf('.');
        int slash = key.indexOf('/');
        if (slash >= 0 && (dot < 0 || slash < dot)) {
            return "/proc/sys/" + key;
        }
        StringBuilder path = new StringBuilder("/proc/sys/");
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            path.append(c == '.' ? '/' : c == '/' ? '.' : c);
        }
        return path.toString();
    }

    private void protect() {
        for (String path : platform.readonlyPaths()) {
            builder.stage(new Op.ReadonlyIn(root, path), Step.IF_EXISTS);
        }
        for (String path : platform.maskedPaths()) {
            builder.stage(new Op.MaskIn(root, path), Step.IF_EXISTS);
        }
        if (later != null) {
            later.makeReadonly();
        }
        if (spec.root() != null && spec.root().readonly()) {
            builder.stage(new Op.AttributesIn(root, "/", false, 1, 0, 0));
        }
    }

    private void pivot() throws InvalidSpecException {
        long propagation =
                MountOptions.propagationFlag(platform.rootfsPropagation() == null ? "" : platform.rootfsPropagation());
        if (!namespaces.has(Kind.MOUNT)) {
            builder.stage(new Op.Chroot(root)); // the root of the others must stay
        } else if (inputs.request().options().noPivot()) {
            // a /proc or /sys that stays mounted somewhere would allow a user namespace to mount one without its masks
            for (String point : MountPoints.kernelViews(inputs.rootfs())) {
                builder.stage(new Op.Detach(point), Step.IF_EXISTS);
            }
            builder.stage(new Op.MoveRoot(root));
        } else {
            builder.stage(new Op.Pivot(root));
        }
        if (propagation != 0) {
            builder.stage(new Op.AttributesIn(root, "/", (propagation & Ms.REC) != 0, 0, 0, propagation & ~Ms.REC));
        }
        builder.stage(new Op.Close(root));
    }

    private void personality() {
        if (platform.personality() != null) {
            builder.stage(new Op.Personality(persona(platform.personality())));
        }
    }

    /** {@code PER_LINUX} or {@code PER_LINUX32}. */
    static long persona(Personality personality) {
        return personality.domain().equals("LINUX32") ? 8 : 0;
    }

    @Override
    public void close() {
        builder.close();
    }
}
