package io.drydock.runc.runtime.plan;

import java.util.List;

/** The options of a mount that the runtime carries out itself; any other is the file system's. */
public final class MountOptionNames {
    private MountOptionNames() {}

    /** All of them, sorted. */
    public static List<String> all() {
        return List.of("""
                async atime bind defaults dev diratime dirsync exec idmap iversion lazytime loud mand noatime nodev
                nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime
                rbind rdev rdiratime relatime remount rexec ridmap rnoatime rnodev rnodiratime rnoexec rnorelatime
                rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid
                rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync tmpcopyup unbindable
                """.strip().split("\\s+"));
    }
}
