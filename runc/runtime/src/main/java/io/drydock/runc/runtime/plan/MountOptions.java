package io.drydock.runc.runtime.plan;

import io.drydock.linux.MountAttr;
import io.drydock.linux.Ms;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a mount, sorted by how they are applied.
 *
 * @param flags {@link Ms} flags for {@code mount(2)}
 * @param attributes the same as attributes of a mount, for binds
 * @param recursive attributes for everything below, too ({@code rro} …)
 * @param propagation propagation changes in order, each with or without {@link Ms#REC}
 * @param flagged whether any attribute was given
 * @param data what the file system itself interprets, comma separated
 */
record MountOptions(
        long flags,
        Attributes attributes,
        Attributes recursive,
        List<Long> propagation,
        String data,
        boolean copyUp,
        boolean idMapped,
        boolean idMappedRecursively,
        boolean flagged) {
    /** Attributes to set and to clear. */
    record Attributes(long set, long clear) {
        boolean isEmpty() {
            return set == 0 && clear == 0;
        }

        private Attributes with(boolean on, long bits) {
            return on ? new Attributes(set | bits, clear & ~bits) : new Attributes(set & ~bits, clear | bits);
        }

        /** The access time bits are one value, not flags. */
        private Attributes withAtime(long value) {
            return new Attributes(set & ~MountAttr.ATIME_MASK | value, clear | MountAttr.ATIME_MASK);
        }
    }

    private static final Attributes NONE = new Attributes(0, 0);

    boolean isBind() {
        return (flags & Ms.BIND) != 0;
    }

    /**
     * As runc's remount of a bind: where any flag is given, set or cleared, those not given are cleared; access times stay as
     * they are unless a way to keep them is given, which then counts alone.
     */
    Attributes attributesOfBind() {
        if (!flagged) {
            return NONE;
        }
        long all = MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC | MountAttr.NOSYMFOLLOW;
        boolean times = (flags & (Ms.NOATIME | Ms.NODIRATIME | Ms.RELATIME | Ms.STRICTATIME)) != 0;
        long set = times ? attributes.set() : attributes.set() & ~MountAttr.ATIME_MASK;
        long cleared = times ? all | MountAttr.NODIRATIME : all;
        return new Attributes(set, cleared & ~set | (times ? MountAttr.ATIME_MASK : 0));
    }

    static MountOptions parse(List<String> options) {
        Parser parser = new Parser();
        options.forEach(parser::option);
        return new MountOptions(
                parser.flags,
                parser.attributes,
                parser.recursive,
                List.copyOf(parser.propagation),
                String.join(",", parser.data),
                parser.copyUp,
                parser.idMapped,
                parser.idMappedRecursively,
                parser.flagged);
    }

    private static final class Parser {
        long flags;
        Attributes attributes = NONE;
        Attributes recursive = NONE;
        final List<Long> propagation = new ArrayList<>();
        final List<String> data = new ArrayList<>();
        boolean copyUp;
        boolean idMapped;
        boolean idMappedRecursively;
        boolean flagged;

        void option(String option) {
            if (plainFlag(option) || attribute(option) || propagation(option) || recursive(option)) {
                return;
            }
            switch (option) {
                case "tmpcopyup" -> copyUp = true;
                case "idmap" -> idMapped = true;
                case "ridmap" -> {
                    idMapped = true;
                    idMappedRecursively = true;
                }
                default -> data.add(option);
            }
        }

        private boolean set(boolean on, long flag) {
            flags = on ? flags | flag : flags & ~flag;
            return true;
        }

        private boolean plainFlag(String option) {
            return switch (option) {
                case "defaults" -> true;
                case "bind" -> set(true, Ms.BIND);
                case "rbind" -> set(true, Ms.BIND | Ms.REC);
                case "remount" -> set(true, Ms.REMOUNT);
                case "sync" -> set(true, Ms.SYNCHRONOUS);
                case "async" -> set(false, Ms.SYNCHRONOUS);
                case "dirsync" -> set(true, Ms.DIRSYNC);
                case "mand" -> set(true, Ms.MANDLOCK);
                case "nomand" -> set(false, Ms.MANDLOCK);
                case "iversion" -> set(true, Ms.I_VERSION);
                case "noiversion" -> set(false, Ms.I_VERSION);
                case "lazytime" -> set(true, Ms.LAZYTIME);
                case "nolazytime" -> set(false, Ms.LAZYTIME);
                case "silent" -> set(true, Ms.SILENT);
                case "loud" -> set(false, Ms.SILENT);
                default -> false;
            };
        }

        private boolean both(boolean on, long flag, long attribute) {
            attributes = attributes.with(on, attribute);
            flagged = true;
            return set(on, flag);
        }

        private boolean atime(boolean on, long flag, long value) {
            attributes = attributes.withAtime(value);
            flagged = true;
            return set(on, flag);
        }

        private boolean attribute(String option) {
            return switch (option) {
                case "ro" -> both(true, Ms.RDONLY, MountAttr.RDONLY);
                case "rw" -> both(false, Ms.RDONLY, MountAttr.RDONLY);
                case "nosuid" -> both(true, Ms.NOSUID, MountAttr.NOSUID);
                case "suid" -> both(false, Ms.NOSUID, MountAttr.NOSUID);
                case "nodev" -> both(true, Ms.NODEV, MountAttr.NODEV);
                case "dev" -> both(false, Ms.NODEV, MountAttr.NODEV);
                case "noexec" -> both(true, Ms.NOEXEC, MountAttr.NOEXEC);
                case "exec" -> both(false, Ms.NOEXEC, MountAttr.NOEXEC);
                case "nodiratime" -> both(true, Ms.NODIRATIME, MountAttr.NODIRATIME);
                case "diratime" -> both(false, Ms.NODIRATIME, MountAttr.NODIRATIME);
                case "nosymfollow" -> both(true, Ms.NOSYMFOLLOW, MountAttr.NOSYMFOLLOW);
                case "symfollow" -> both(false, Ms.NOSYMFOLLOW, MountAttr.NOSYMFOLLOW);
                case "noatime" -> atime(true, Ms.NOATIME, MountAttr.NOATIME);
                case "atime" -> atime(false, Ms.NOATIME, MountAttr.RELATIME);
                case "relatime" -> atime(true, Ms.RELATIME, MountAttr.RELATIME);
                case "norelatime" -> atime(false, Ms.RELATIME, MountAttr.RELATIME);
                case "strictatime" -> atime(true, Ms.STRICTATIME, MountAttr.STRICTATIME);
                case "nostrictatime" -> atime(false, Ms.STRICTATIME, MountAttr.RELATIME);
                default -> false;
            };
        }

        private boolean propagation(String option) {
            long flag = propagationFlag(option);
            return flag != 0 && propagation.add(flag);
        }

        private boolean below(boolean on, long attribute) {
            recursive = recursive.with(on, attribute);
            return true;
        }

        private boolean atimeBelow(long value) {
            recursive = recursive.withAtime(value);
            return true;
        }

        private boolean recursive(String option) {
            return switch (option) {
                case "rro" -> below(true, MountAttr.RDONLY);
                case "rrw" -> below(false, MountAttr.RDONLY);
                case "rnosuid" -> below(true, MountAttr.NOSUID);
                case "rsuid" -> below(false, MountAttr.NOSUID);
                case "rnodev" -> below(true, MountAttr.NODEV);
                case "rdev" -> below(false, MountAttr.NODEV);
                case "rnoexec" -> below(true, MountAttr.NOEXEC);
                case "rexec" -> below(false, MountAttr.NOEXEC);
                case "rnodiratime" -> below(true, MountAttr.NODIRATIME);
                case "rdiratime" -> below(false, MountAttr.NODIRATIME);
                case "rnosymfollow" -> below(true, MountAttr.NOSYMFOLLOW);
                case "rsymfollow" -> below(false, MountAttr.NOSYMFOLLOW);
                case "rnoatime" -> atimeBelow(MountAttr.NOATIME);
                case "rstrictatime" -> atimeBelow(MountAttr.STRICTATIME);
                case "rrelatime", "ratime", "rnorelatime", "rnostrictatime" -> atimeBelow(MountAttr.RELATIME);
                default -> false;
            };
        }
    }

    /** {@code shared}, {@code rslave} and so on; 0 for any other word. */
    static long propagationFlag(String word) {
        return switch (word) {
            case "private" -> Ms.PRIVATE;
            case "rprivate" -> Ms.PRIVATE | Ms.REC;
            case "shared" -> Ms.SHARED;
            case "rshared" -> Ms.SHARED | Ms.REC;
            case "slave" -> Ms.SLAVE;
            case "rslave" -> Ms.SLAVE | Ms.REC;
            case "unbindable" -> Ms.UNBINDABLE;
            case "runbindable" -> Ms.UNBINDABLE | Ms.REC;
            default -> 0;
        };
    }
}
