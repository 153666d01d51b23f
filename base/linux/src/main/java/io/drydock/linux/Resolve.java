package io.drydock.linux;

/** {@code RESOLVE_*} of {@code openat2(2)}: how far a path may lead. */
public final class Resolve {
    public static final long NO_XDEV = 1;
    public static final long NO_MAGICLINKS = 2;
    public static final long NO_SYMLINKS = 4;
    public static final long BENEATH = 8;
    public static final long IN_ROOT = 16;

    private Resolve() {}
}
