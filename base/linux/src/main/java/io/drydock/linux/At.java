package io.drydock.linux;

/** {@code AT_*} flags of the calls that take a directory and a name. */
public final class At {
    public static final int SYMLINK_NOFOLLOW = 0x100;
    public static final int REMOVEDIR = 0x200;
    public static final int SYMLINK_FOLLOW = 0x400;
    public static final int EMPTY_PATH = 0x1000;
    public static final int RECURSIVE = 0x8000;
    /** {@code renameat2}: fail if the target exists. */
    public static final int RENAME_NOREPLACE = 1;
    /** {@code renameat2}: swap the two. */
    public static final int RENAME_EXCHANGE = 2;

    private At() {}
}
