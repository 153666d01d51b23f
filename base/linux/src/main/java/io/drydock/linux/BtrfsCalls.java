package io.drydock.linux;

/** Subvolumes of btrfs: directories that can be copied at once, sharing what they hold. See btrfs(5), ioctl_btrfs. */
public interface BtrfsCalls {
    /** Makes an empty one in a directory. The name has at most 255 bytes. */
    void createSubvolume(Fd directory, String name) throws LinuxException;

    /** Makes a writable copy of one. */
    void snapshot(Fd subvolume, Fd directory, String name) throws LinuxException;

    /** Removes one with all it holds; ENOTEMPTY if others are in it. */
    void destroySubvolume(Fd directory, String name) throws LinuxException;
}
