package io.drydock.linux;

/** Flags of {@code open(2)}. {@link #CLOEXEC} is added by every call of this package. */
public final class O {
    public static final int RDONLY = 0;
    public static final int WRONLY = 1;
    public static final int RDWR = 2;
    public static final int CREAT = 0x40;
    public static final int EXCL = 0x80;
    public static final int NOCTTY = 0x100;
    public static final int TRUNC = 0x200;
    public static final int APPEND = 0x400;
    public static final int NONBLOCK = 0x800;
    public static final int DSYNC = 0x1000;
    public static final int DIRECT = Nr.ARM64 ? 0x10000 : 0x4000;
    public static final int DIRECTORY = Nr.ARM64 ? 0x4000 : 0x10000;
    public static final int NOFOLLOW = Nr.ARM64 ? 0x8000 : 0x20000;
    public static final int NOATIME = 0x40000;
    public static final int CLOEXEC = 0x80000;
    public static final int PATH = 0x200000;
    public static final int TMPFILE = 0x400000 | DIRECTORY;

    private O() {}
}
