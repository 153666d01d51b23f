package io.drydock.containerd.shim;

import io.drydock.runc.runtime.ContainerProcess;
import io.drydock.runc.runtime.Stdio;
import java.io.IOException;

/** What the shim has to do with a process's stdio, with a terminal or without one. */
sealed interface ProcessStdio extends AutoCloseable permits DirectStdio, TerminalStdio {
    /** What the runtime gives the process. */
    Stdio forRuntime();

    /** The process exists: closes what now belongs to it, and begins to copy a terminal. */
    void begin(ContainerProcess process) throws IOException;

    /** The client closed its end of the process's stdin. */
    void closeStdin();

    /** Changes the terminal's size in characters. */
    void resize(int width, int height) throws IOException;

    /** Waits until a terminal's output has been passed on; the process has ended. */
    void drain();

    /** Stops copying and closes every descriptor. */
    @Override
    void close();
}
