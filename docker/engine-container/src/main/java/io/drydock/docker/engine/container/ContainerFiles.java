package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.PathStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The files of containers, as {@code docker cp}, {@code diff} and {@code export} see them. Not built yet: each refuses. */
public final class ContainerFiles {
    private final ContainerTable table;

    ContainerFiles(ContainerTable table) {
        this.table = table;
    }

    /** Takes an archive. */
    @FunctionalInterface
    public interface Receiver {
        OutputStream begin(PathStat stat) throws IOException;
    }

    private EngineException refusal(String container, String what) {
        table.find(container);
        return EngineException.notImplemented(what + " is not built into this engine yet");
    }

    /** What differs from the image. */
    public List<FilesystemChange> changes(String container) {
        throw refusal(container, "listing the changes of a container");
    }

    /** All files as a tar archive. */
    public void export(String container, OutputStream tar) throws IOException {
        throw refusal(container, "exporting a container");
    }

    /** What is at a path. */
    public PathStat stat(String container, String path) {
        throw refusal(container, "copying from and to a container");
    }

    /** The archive of a path. */
    public void read(String container, String path, Receiver receiver) throws IOException {
        throw refusal(container, "copying from and to a container");
    }

    /** Unpacks an archive at a path. */
    public void write(String container, String path, boolean noOverwriteDirNonDir, boolean copyUidGid, InputStream tar)
            throws IOException {
        throw refusal(container, "copying from and to a container");
    }
}
