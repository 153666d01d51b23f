package io.drydock.runc.runtime.plan;

import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.MountAttr;
import io.drydock.linux.Ms;
import java.util.List;
import java.util.Map;

/**
 * Inside a user namespace the flags of a mount that comes from outside are locked. The mount is made where they are not, so what
 * the kernel would refuse is refused here: flags that are not spoken of stay as they are, those that were to be cleared are an
 * error, as with the original.
 */
final class LockedFlags {
    private static final long ATIME = Ms.NOATIME | Ms.NODIRATIME | Ms.RELATIME | Ms.STRICTATIME;
    private static final long SIMPLE = Ms.RDONLY | Ms.NOSUID | Ms.NODEV | Ms.NOEXEC;
    /** {@code ST_RELATIME}; the other flags have the same values in both worlds. */
    private static final long RELATIVE_IN_STATFS = 0x1000;

    private static final Map<String, Long> SETS = Map.of(
            "ro", Ms.RDONLY,
            "nosuid", Ms.NOSUID,
            "nodev", Ms.NODEV,
            "noexec", Ms.NOEXEC,
            "noatime", Ms.NOATIME,
            "nodiratime", Ms.NODIRATIME,
            "relatime", Ms.RELATIME,
            "strictatime", Ms.STRICTATIME);
    private static final Map<String, Long> CLEARS = Map.of(
            "rw", Ms.RDONLY,
            "suid", Ms.NOSUID,
            "dev", Ms.NODEV,
            "exec", Ms.NOEXEC,
            "atime", Ms.NOATIME,
            "diratime", Ms.NODIRATIME,
            "norelatime", Ms.RELATIME,
            "nostrictatime", Ms.STRICTATIME);

    private final long set;
    private final long cleared;

    LockedFlags(List<String> options) {
        long on = 0;
        long off = 0;
        for (String option : options) {
            long sets = SETS.getOrDefault(option, 0L);
            long clears = CLEARS.getOrDefault(option, 0L);
            on = (on | sets) & ~clears;
            off = (off | clears) & ~sets;
        }
        this.set = on;
        this.cleared = off;
    }

    /** Flags of the file system a path is on, as {@code mount(2)} calls them. */
    private static long ofSource(Linux linux, String source) throws LinuxException {
        long told = linux.files().statfs(source).flags();
        boolean relative = (told & RELATIVE_IN_STATFS) != 0;
        long all = told & (SIMPLE | Ms.NOATIME | Ms.NODIRATIME) | (relative ? Ms.RELATIME : 0);
        return (all & (Ms.NOATIME | Ms.RELATIME)) == 0 ? all | Ms.STRICTATIME : all;
    }

    /**
     * What the bind's attributes become.
     *
     * @throws InvalidSpecException if a locked flag was to be cleared or changed
     */
    MountOptions.Attributes keep(Linux linux, String source, String destination, MountOptions.Attributes wanted)
            throws InvalidSpecException {
        long there;
        try {
            there = ofSource(linux, source);
        } catch (LinuxException e) {
            return wanted; // the bind itself will say what is wrong with the source
        }
        boolean times = (set & ATIME) != 0 && (set & ATIME) != (there & ATIME);
        boolean refused = (there & SIMPLE & ~set) != 0 || times;
        if (!refused) {
            return wanted;
        }
        if ((there & cleared & (SIMPLE | ATIME)) != 0) {
            throw refusal(source, destination, "cannot clear locked flags");
        }
        if (times) {
            throw refusal(source, destination, "cannot change locked atime flags");
        }
        long kept = there & SIMPLE; // the same bits as attributes
        long untouched = ~(MountAttr.ATIME_MASK | MountAttr.NODIRATIME);
        return new MountOptions.Attributes((wanted.set() | kept) & untouched, wanted.clear() & ~kept & untouched);
    }

    private static InvalidSpecException refusal(String source, String destination, String what) {
        return new InvalidSpecException(
                "unable to start container process: error during container init: error mounting \""
                        + source + "\" to rootfs at \"" + destination
                        + "\": failed to set user-requested vfs flags on bind-mount: " + what
                        + ": operation not permitted");
    }
}
