package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import java.sql.SQLException;

/** Turns SQLite's failures into errors that a client understands. */
final class DatabaseException {
    private static final int SQLITE_READONLY = 8;
    private static final int SQLITE_IOERR = 10;
    private static final int SQLITE_FULL = 13;

    private DatabaseException() {}

    static ContainerdError of(SQLException e) {
        return switch (e.getErrorCode() & 0xff) {
            case SQLITE_FULL ->
                new ContainerdError(
                        ContainerdError.Code.RESOURCE_EXHAUSTED, "write metadata: no space left on device", e);
            case SQLITE_READONLY ->
                new ContainerdError(ContainerdError.Code.INTERNAL, "write metadata: read-only file system", e);
            case SQLITE_IOERR ->
                new ContainerdError(
                        ContainerdError.Code.INTERNAL,
                        "metadata: input/output error, or the file system has turned read-only: " + e.getMessage(),
                        e);
            default -> new ContainerdError(ContainerdError.Code.INTERNAL, "metadata: " + e.getMessage(), e);
        };
    }
}
