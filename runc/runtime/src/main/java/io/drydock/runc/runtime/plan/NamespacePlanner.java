package io.drydock.runc.runtime.plan;

import io.drydock.linux.CloneFlags;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.spec.oci.runtime.Namespace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which namespaces are new and which are joined, and by whom they must be joined. */
final class NamespacePlanner {
    /** Kinds, by their names in the spec. */
    enum Kind {
        MOUNT("mount", CloneFlags.NEWNS),
        PID("pid", CloneFlags.NEWPID),
        NETWORK("network", CloneFlags.NEWNET),
        IPC("ipc", CloneFlags.NEWIPC),
        UTS("uts", CloneFlags.NEWUTS),
        USER("user", CloneFlags.NEWUSER),
        CGROUP("cgroup", CloneFlags.NEWCGROUP),
        TIME("time", CloneFlags.NEWTIME);

        final String word;
        final int flag;

        Kind(String word, int flag) {
            this.word = word;
            this.flag = flag;
        }

        static Kind of(String word) throws InvalidSpecException {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new InvalidSpecException("namespace \"" + word + "\" does not exist");
        }
    }

    private final Map<Kind, String> namespaces = new EnumMap<>(Kind.class);

    NamespacePlanner(List<Namespace> wanted) throws InvalidSpecException {
        for (Namespace namespace : wanted) {
            String path = namespace.path() == null ? "" : namespace.path();
            if (namespaces.put(Kind.of(namespace.type()), path) != null) {
                throw new InvalidSpecException("malformed spec file: duplicated ns \"" + namespace.type() + '"');
            }
        }
    }

    /** A new one or one that is joined. */
    boolean has(Kind kind) {
        return namespaces.containsKey(kind);
    }

    boolean isNew(Kind kind) {
        return "".equals(namespaces.get(kind));
    }

    /** The path of one that is joined; empty if it is new or the runtime's own. */
    String path(Kind kind) {
        return namespaces.getOrDefault(kind, "");
    }

    private boolean joins(Kind kind) {
        return has(kind) && !isNew(kind);
    }

    /** The bits of all namespaces that are not the runtime's own. */
    int flags() {
        return namespaces.keySet().stream().mapToInt(kind -> kind.flag).reduce(0, (a, b) -> a | b);
    }

    /**
     * Whether somebody in between has to join before the clone: pid and time namespaces count for children only, and who has
     * entered a user namespace may not join those of the host any more.
     */
    boolean needsProcessBetween() {
        boolean anyJoined = namespaces.values().stream().anyMatch(path -> !path.isEmpty());
        return joins(Kind.PID)
                || joins(Kind.TIME)
                || joins(Kind.USER)
                || isNew(Kind.TIME)
                || has(Kind.USER) && anyJoined;
    }

    /** Fills in clone flags and the joining steps. */
    void plan(Linux linux, PlanBuilder builder) throws InvalidSpecException {
        boolean between = needsProcessBetween();
        for (Kind kind : namespaces.keySet()) {
            if (isNew(kind) && kind != Kind.CGROUP && kind != Kind.TIME) {
                builder.cloneFlags |= kind.flag;
            }
        }
        List<Kind> joined = new ArrayList<>(namespaces.keySet());
        joined.removeIf(kind -> !joins(kind));
        if (joined.remove(Kind.USER)) {
            joined.add(Kind.USER); // last: it takes the rights to join the others
        }
        for (Kind kind : joined) {
            String path = namespaces.getOrDefault(kind, "");
            try {
                Op setns = new Op.Setns(builder.ownedSlot(linux.files().open(path, O.RDONLY)), kind.flag);
                if (between) {
                    builder.pre(setns);
                } else {
                    builder.stage(setns);
                }
            } catch (LinuxException e) {
                throw new InvalidSpecException("lstat " + path + ": " + io.drydock.linux.Errno.describe(e.errno()));
            }
        }
    }
}
