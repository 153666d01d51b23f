package io.drydock.runc.runtime.plan;

import io.drydock.linux.Errno;
import java.util.Map;

/** What a failed step is called: runc's words where it has some, since engines match on them. */
public final class Failures {
    /** {@code FAILED_MAPS} of {@code native/protocol.h}. */
    private static final int MAPS = 1;

    private static final String WITH_CPUS = " (process scheduler can't be used together with AllowedCPUs)";

    /** As Go calls those a program may end by. */
    private static final Map<Integer, String> SIGNALS = Map.of(
            1,
            "hangup",
            2,
            "interrupt",
            6,
            "aborted",
            9,
            "killed",
            11,
            "segmentation fault",
            13,
            "broken pipe",
            15,
            "terminated",
            31,
            "bad system call");

    private static final String PROCESSES = "/cgroup.procs";
    private static final String THREADS = "/tasks";

    private Failures() {}

    /** Without prefix for what concerns the program, with "error during container init" for what surrounds it. */
    public static String describe(Plan plan, int step, int errno, int detail) {
        String reason = Errno.describe(errno);
        if (step < 0) {
            return "error during container init: " + (detail == MAPS ? "write id maps: " : "") + reason;
        }
        return switch (plan.step(step).op()) {
            case Op.MountIn o
            when isLinked(plan.step(step), errno) ->
                "error during container init: "
                        + mounting(
                                o.source(),
                                o.path(),
                                "filesystem \"" + o.type() + "\" must be mounted on ordinary directory");
            case Op.Lookup o -> lookup(o.name(), errno);
            case Op.Exec o -> "exec " + o.arguments().getFirst() + ": " + reason;
            case Op.Chdir o -> chdir(o, reason, detail);
            case Op op -> "error during container init: " + surroundings(op, reason, detail);
        };
    }

    /** A link or a file where only a plain directory will do. */
    private static boolean isLinked(Step step, int errno) {
        return (step.flags() & Step.NO_SYMLINK) != 0 && (errno == Errno.ELOOP || errno == Errno.ENOTDIR);
    }

    /** For a step that was left out. */
    public static String warning(Plan plan, int step, int errno, int detail) {
        return step < 0 ? Errno.describe(errno) : surroundings(plan.step(step).op(), Errno.describe(errno), detail);
    }

    private static String lookup(String name, int errno) {
        String quoted = "exec: \"" + name + "\": ";
        if (name.indexOf('/') < 0) {
            return quoted + "executable file not found in $PATH";
        }
        return switch (errno) {
            case Errno.EACCES, Errno.EISDIR -> quoted + Errno.describe(errno);
            default -> quoted + "stat " + name + ": " + Errno.describe(errno);
        };
    }

    private static String chdir(Op.Chdir chdir, String reason, int detail) {
        return detail == 1
                ? "current working directory is outside of container mount namespace root -- possible container breakout detected"
                : "chdir to cwd (\"" + chdir.path() + "\") set in config.json failed: " + reason;
    }

    private static String surroundings(Op op, String reason, int detail) {
        return switch (op) {
            case Op.MountIn o -> mounting(o.source(), o.path(), reason);
            case Op.BindIn o -> mounting(o.source(), o.path(), (detail == 1 ? "source: " : "") + reason);
            case Op.Mount o -> mounting(o.source(), o.target(), reason);
            case Op.AttributesIn o -> "change mount \"" + o.path() + "\": " + reason;
            case Op.RemountIn o -> "remount \"" + o.path() + "\": " + reason;
            case Op.MknodIn o -> "error creating device nodes: mknod \"" + o.path() + "\": " + reason;
            case Op.SymlinkIn o -> "symlink \"" + o.path() + "\": " + reason;
            case Op.MkdirIn o -> "mkdir \"" + o.path() + "\": " + reason;
            case Op.MaskIn o -> "can't mask path \"" + o.path() + "\": " + reason;
            case Op.ReadonlyIn o -> "can't make \"" + o.path() + "\" read-only: " + reason;
            case Op.OpenRoot o -> "open rootfs \"" + o.path() + "\": " + reason;
            case Op.Pivot o -> "pivot_root: " + reason;
            case Op.MoveRoot o -> "move root: " + reason;
            case Op.Chroot o -> "chroot: " + reason;
            case Op.Detach o -> "detach \"" + o.path() + "\": " + reason;
            case Op.OpenTree o -> openTree(o, reason);
            case Op.UserNamespace o -> "create user namespace for id-mapped mounts: " + reason;
            case Op.Enter o -> "enter rootfs: " + reason;
            case Op.Write o -> writing(o.path(), reason);
            case Op.Setns o -> "join namespace: " + reason;
            case Op.Unshare o -> "unshare: " + reason;
            case Op.Hostname o -> "sethostname: " + reason;
            case Op.Domainname o -> "setdomainname: " + reason;
            case Op.Loopback o -> "bring up loopback: " + reason;
            case Op.Rlimit o -> "error setting rlimits for " + o.name() + ": " + reason;
            case Op.Keyring o -> "join session keyring: " + reason;
            case Op.Console o -> "open terminal: " + reason;
            case Op.ReopenNull o -> "reopen /dev/null: " + reason;
            case Op.Dup o -> "place descriptor " + o.number() + ": " + reason;
            case Op.ChownFd o -> "own descriptor " + o.number() + ": " + reason;
            case Op.Hook o -> "error running " + o.kind() + " hook #" + o.index() + ": " + hookEnd(reason, detail);
            case Op.CapBound o -> "apply caps: bounding set: " + reason;
            case Op.CapSet o -> "unable to apply caps: " + reason;
            case Op.CapAmbient o -> "unable to apply ambient caps: " + reason;
            case Op.Ids o -> "unable to set user " + o.uid() + ':' + o.gid() + ": " + reason;
            case Op.Seccomp o -> "unable to init seccomp: " + reason;
            case Op.NoNewPrivs o -> "set no_new_privs: " + reason;
            case Op.Scheduler o ->
                "set scheduler: " + reason + (reason.equals("operation not permitted") ? WITH_CPUS : "");
            case Op.IoPriority o -> "set io priority: " + reason;
            case Op.Personality o -> "set personality: " + reason;
            case Op.Affinity o -> "set cpu affinity: " + reason;
            case Op.MemoryPolicy o -> "set_mempolicy: " + reason;
            case Op.Lookup o -> lookup(o.name(), 0);
            case Op.Chdir o -> chdir(o, reason, detail);
            case Op.Exec o -> "exec: " + reason;
            case Op.Home o -> "find home: " + reason;
            case Op.Sync o -> "wait: " + reason;
            case Op.Setsid o -> "setsid: " + reason;
            case Op.Umask o -> "umask: " + reason;
            case Op.KeepCaps o -> "keep caps: " + reason;
            case Op.Dumpable o -> "set dumpable: " + reason;
            case Op.Close o -> "close: " + reason;
            case Op.ExitFile o -> "exit file: " + reason;
            case Op.Hold o -> "hold: " + reason;
            case Op.IdMaps o -> "write id maps: " + reason;
            case Op.IdTools o -> "write id maps: " + reason;
            case Op.Retire o -> "retire: " + reason;
            case Op.AutoRelease o -> "release: " + reason;
        };
    }

    private static String mounting(String source, String target, String reason) {
        return "error mounting \"" + source + "\" to rootfs at \"" + target + "\": " + reason;
    }

    private static String openTree(Op.OpenTree tree, String reason) {
        return tree.idMapSlot() == Plan.NO_SLOT
                ? "open_tree \"" + tree.source() + "\": " + reason
                : "failed to set MOUNT_ATTR_IDMAP on " + tree.source() + ": " + reason
                        + " (maybe the filesystem used doesn't support idmap mounts on this kernel?)";
    }

    private static String writing(String path, String reason) {
        if (path.contains("/attr/apparmor/")) {
            return "unable to apply apparmor profile: apparmor failed to apply profile: open " + path + ": " + reason;
        }
        if (path.startsWith("/sys/fs/resctrl/")) {
            return "intelrdt: unable to add pid 0: " + path + ": " + reason;
        }
        // by the name the original writes to
        String entry = path.endsWith(THREADS) ? path.substring(0, path.length() - THREADS.length()) + PROCESSES : path;
        return entry.endsWith(PROCESSES)
                ? "error adding pid 0 to cgroups: " + entry + ": " + reason
                : "write " + path + ": " + reason;
    }

    /** For a hook of a start, whose plan may have been an earlier program's; empty if the failure is no hook's. */
    public static String startHook(int errno, int detail) {
        boolean hook = errno == Errno.ECHILD || errno == Errno.ETIMEDOUT;
        return hook
                ? "error running startContainer hook #" + (detail >>> 16) + ": "
                        + hookEnd(Errno.describe(errno), detail)
                : "";
    }

    /** {@code detail}: the wait status, and above it the hook's number. */
    private static String hookEnd(String reason, int detail) {
        int waitStatus = detail & 0xffff;
        if (waitStatus == 0) {
            return reason;
        }
        int signal = waitStatus & 0x7f;
        return signal == 0
                ? "exit status " + (waitStatus >> 8 & 0xff)
                : "signal: " + SIGNALS.getOrDefault(signal, Integer.toString(signal));
    }
}
