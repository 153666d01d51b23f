package io.drydock.runc.runtime.plan;

import java.util.List;

/**
 * One thing a process of the container does on its way to its program. {@code native/protocol.h} has the same table; numbers
 * and signatures there and in {@link PlanEncoder} must agree. A <em>slot</em> is a descriptor's place in the plan. Paths of
 * operations ending in {@code In} are inside the container's root and resolved so that they cannot leave it.
 */
public sealed interface Op {
    // by the keeper itself
    record ExitFile(String name) implements Op {}

    record Hold(int slot) implements Op {}

    record IdMaps(String uids, String gids, boolean denySetgroups) implements Op {}

    /** Set-uid programs that write the maps for who may not write them, each empty where it is not needed. */
    record IdTools(String uids, String gids) implements Op {}

    record AutoRelease() implements Op {}

    /** The keeper ends once the process runs and nobody is connected, so that the caller (a subreaper) becomes its parent. */
    record Retire() implements Op {}

    /** Writes to a file of the host. */
    record Write(String path, String content) implements Op {}

    // namespaces and mounts
    record Setns(int slot, int kinds) implements Op {}

    record Unshare(long kinds) implements Op {}

    /** On the host's paths, before the root is opened. */
    record Mount(String source, String target, String type, long flags, String data) implements Op {}

    record OpenRoot(String path, int slot) implements Op {}

    record MountIn(int root, String path, String source, String type, long flags, String data, int mode)
            implements Op {}

    /** {@code sourceSlot} counts where it is given, else {@code source}, a host path; {@code bits}: {@code RECURSIVE} …. */
    record BindIn(
            int root,
            String path,
            String source,
            int sourceSlot,
            int bits,
            long set,
            long clear,
            long propagation,
            int idMapSlot)
            implements Op {
        public static final int RECURSIVE = 1;
        public static final int DETACHED = 2;
        public static final int ATTRIBUTES_RECURSIVE = 4;
        public static final int MAP_RECURSIVE = 8;
    }

    /** A detached copy of a tree of the host, for a {@link BindIn}; {@code bits} are its bits. */
    record OpenTree(String source, int slot, int bits, int idMapSlot) implements Op {}

    /** A user namespace nobody is in, for id mapping. */
    record UserNamespace(String uids, String gids, int slot) implements Op {}

    record AttributesIn(int root, String path, boolean recursive, long set, long clear, long propagation)
            implements Op {}

    record RemountIn(int root, String path, long flags, String data) implements Op {}

    record MkdirIn(int root, String path, int mode) implements Op {}

    record MknodIn(int root, String path, int mode, int major, int minor, int uid, int gid) implements Op {}

    record SymlinkIn(int root, String target, String path) implements Op {}

    record MaskIn(int root, String path) implements Op {}

    record ReadonlyIn(int root, String path) implements Op {}

    record Pivot(int root) implements Op {}

    record MoveRoot(int root) implements Op {}

    /** Where the mount namespace is shared with others. */
    record Chroot(int root) implements Op {}

    /** Takes a mount of the host away, or covers it. */
    record Detach(String path) implements Op {}

    /** Stands in a directory. */
    record Enter(int slot) implements Op {}

    // what surrounds the program
    record Hostname(String name) implements Op {}

    record Domainname(String name) implements Op {}

    record Loopback() implements Op {}

    /** {@code name} is for messages. -1 is unlimited. */
    record Rlimit(String name, int resource, long soft, long hard) implements Op {}

    record Dumpable(boolean dumpable) implements Op {}

    record Keyring(String name) implements Op {}

    record Setsid() implements Op {}

    record Console(int root, int rows, int columns, boolean devConsole) implements Op {}

    /** Streams that are the host's null device become the container's. */
    record ReopenNull(int root) implements Op {}

    record Dup(int slot, int number) implements Op {}

    record ChownFd(int number, int uid) implements Op {}

    record Chdir(String path, boolean create) implements Op {}

    record Sync(int point) implements Op {
        public static final int START = 1;
        public static final int RUNTIME_HOOKS = 2;
    }

    /** {@code name} is what the user asked for. */
    record Lookup(String name, List<String> candidates) implements Op {}

    /** The program's environment lacks HOME: it gets the user's directory of the container's {@code /etc/passwd}, or {@code /}. */
    record Home(int uid) implements Op {}

    record Exec(List<String> arguments, List<String> environment) implements Op {}

    /** {@code kind} and {@code index} are for messages; {@code seconds} 0 is no limit. */
    record Hook(
            String kind,
            int index,
            int stateSlot,
            String path,
            List<String> arguments,
            List<String> environment,
            int seconds)
            implements Op {}

    record Close(int slot) implements Op {}

    // who the program is
    record KeepCaps(boolean keep) implements Op {}

    record CapBound(long set) implements Op {}

    record CapSet(long effective, long permitted, long inheritable) implements Op {}

    record CapAmbient(long set) implements Op {}

    record Ids(int uid, int gid, boolean setGroups, List<Integer> groups) implements Op {}

    record NoNewPrivs() implements Op {}

    record Seccomp(byte[] filter, int flags) implements Op {}

    record Umask(int mask) implements Op {}

    record Personality(long persona) implements Op {}

    record IoPriority(int value) implements Op {}

    record Scheduler(byte[] schedAttr) implements Op {}

    record Affinity(byte[] mask) implements Op {}

    /** As {@code set_mempolicy(2)}; an empty mask is none. */
    record MemoryPolicy(int mode, byte[] nodes) implements Op {}
}
