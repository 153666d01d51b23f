package io.drydock.linux;

/** What {@code statfs(2)} tells about a file system. Blocks are units of {@code blockSize} bytes. */
public record StatFs(
        long type, long blockSize, long blocks, long free, long available, long files, long filesFree, long flags) {
    public static final long TMPFS_MAGIC = 0x01021994L;
    public static final long PROC_MAGIC = 0x9fa0L;
    public static final long SYSFS_MAGIC = 0x62656572L;
    public static final long CGROUP_MAGIC = 0x27e0ebL;
    public static final long CGROUP2_MAGIC = 0x63677270L;
    public static final long OVERLAY_MAGIC = 0x794c7630L;
    public static final long EXT4_MAGIC = 0xef53L;
    public static final long BTRFS_MAGIC = 0x9123683eL;
    public static final long XFS_MAGIC = 0x58465342L;
}
