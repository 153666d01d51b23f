package io.drydock.linux;

/** Namespace kinds, as {@code unshare(2)} and {@code setns(2)} name them. */
public final class CloneFlags {
    public static final int NEWTIME = 0x80;
    public static final int FS = 0x200;
    public static final int FILES = 0x400;
    public static final int NEWNS = 0x20000;
    public static final int NEWCGROUP = 0x2000000;
    public static final int NEWUTS = 0x4000000;
    public static final int NEWIPC = 0x8000000;
    public static final int NEWUSER = 0x10000000;
    public static final int NEWPID = 0x20000000;
    public static final int NEWNET = 0x40000000;

    private CloneFlags() {}
}
