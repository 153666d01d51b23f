package io.drydock.linux;

/**
 * The kernel as this system sees it. Code takes a {@code Linux} (or only the group it needs) in its constructor; programs
 * pass {@link #system()}, tests may pass a double.
 *
 * <pre>{@code
 * Linux linux = Linux.system();
 * try (Fd root = linux.files().open("/srv/rootfs", O.PATH | O.DIRECTORY);
 *         Fd etc = linux.files().openat2(root, "etc", O.PATH, 0, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
 *     linux.files().mkdirat(etc, "ssl", 0755);
 * }
 * }</pre>
 */
public interface Linux {
    /** The running kernel, through {@code java.lang.foreign}. Costs nothing until the first call. */
    static Linux system() {
        return SystemLinux.INSTANCE;
    }

    FileCalls files();

    XattrCalls xattrs();

    PipeCalls pipes();

    MountCalls mounts();

    ProcessCalls processes();

    SocketCalls sockets();

    TerminalCalls terminals();

    EventCalls events();

    BpfCalls bpf();

    BtrfsCalls btrfs();
}
