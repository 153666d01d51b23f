package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** btrfs, by ioctl. */
final class NativeBtrfs implements BtrfsCalls {
    private static final long SUBVOL_CREATE = 0x5000940eL;
    private static final long SNAP_DESTROY = 0x5000940fL;
    private static final long SNAP_CREATE_V2 = 0x50009417L;
    /** Both structs of arguments. */
    private static final int SIZE = 4096;

    private static final int NAME = 8;
    private static final int NAME_V2 = 56;

    @Override
    public void createSubvolume(Fd directory, String name) throws LinuxException {
        named("BTRFS_IOC_SUBVOL_CREATE", SUBVOL_CREATE, directory, name);
    }

    @Override
    public void destroySubvolume(Fd directory, String name) throws LinuxException {
        named("BTRFS_IOC_SNAP_DESTROY", SNAP_DESTROY, directory, name);
    }

    private static void named(String call, long request, Fd directory, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(SIZE, 8);
            arguments.setString(NAME, name);
            Sys.call("ioctl " + call, name, Nr.IOCTL, directory.number(), request, arguments.address());
        }
    }

    @Override
    public void snapshot(Fd subvolume, Fd directory, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(SIZE, 8);
            arguments.set(JAVA_LONG, 0, subvolume.number());
            arguments.setString(NAME_V2, name);
            Sys.call(
                    "ioctl BTRFS_IOC_SNAP_CREATE_V2",
                    name,
                    Nr.IOCTL,
                    directory.number(),
                    SNAP_CREATE_V2,
                    arguments.address());
        }
    }
}
