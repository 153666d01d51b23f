package io.drydock.runc.runtime.plan;

/** An operation and how its failure counts. */
public record Step(Op op, int flags) {
    /** A failure is only a warning. */
    public static final int OPTIONAL = 1;
    /** That the path does not exist is no failure. */
    public static final int IF_EXISTS = 2;
    /** No component of the path in the root may be a symbolic link. */
    public static final int NO_SYMLINK = 4;
    /** The mounted root gets the mode of the directory it covers. */
    public static final int KEEP_MODE = 8;
    /** With {@link #OPTIONAL}: no warning either. */
    public static final int QUIET = 16;
    /** A hook gets HOME as the program does. */
    public static final int HOME = 64;
    /** What the covered directory holds is copied into the mounted root. */
    public static final int COPY_UP = 32;
    /** Left out in a process that was born in the plan's cgroup. */
    public static final int UNLESS_BORN = 128;
}
