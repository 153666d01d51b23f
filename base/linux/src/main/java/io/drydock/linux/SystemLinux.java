package io.drydock.linux;

/** The running kernel. */
record SystemLinux(
        FileCalls files,
        XattrCalls xattrs,
        PipeCalls pipes,
        MountCalls mounts,
        ProcessCalls processes,
        SocketCalls sockets,
        TerminalCalls terminals,
        EventCalls events,
        BpfCalls bpf,
        BtrfsCalls btrfs)
        implements Linux {
    static final Linux INSTANCE = new SystemLinux(
            new NativeFiles(),
            new NativeXattrs(),
            new NativePipes(),
            new NativeMounts(),
            new NativeProcesses(),
            new NativeSockets(),
            new NativeTerminals(),
            new NativeEvents(),
            new NativeBpf(),
            new NativeBtrfs());
}
