package io.drydock.linux;

/**
 * What {@code statx(2)} tells about a file. Times are seconds since 1970 and nanoseconds 0..999999999.
 *
 * @param device the file system's {@code dev_t}, see {@link Mode#major(long)}
 * @param mode type and permissions, see {@link Mode}
 * @param size bytes
 * @param blocks units of 512 bytes
 * @param specialDevice for device nodes: their {@code dev_t}
 * @param mountId the mount the file was reached through
 * @param attributes {@code STATX_ATTR_*}; bit {@link #MOUNT_ROOT} says that the file is the root of a mount
 */
public record Stat(
        long device,
        long inode,
        int mode,
        int links,
        int uid,
        int gid,
        long size,
        long blocks,
        long specialDevice,
        Time accessed,
        Time modified,
        Time changed,
        long mountId,
        long attributes) {
    public static final long MOUNT_ROOT = 0x2000;

    /** A moment. */
    public record Time(long seconds, int nanos) {}

    /** Whether the type bits equal one of {@link Mode}'s. */
    public boolean is(int type) {
        return (mode & Mode.TYPE_MASK) == type;
    }

    public boolean isDirectory() {
        return is(Mode.DIRECTORY);
    }

    public boolean isRegular() {
        return is(Mode.REGULAR);
    }

    public boolean isSymlink() {
        return is(Mode.SYMLINK);
    }
}
