package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import java.sql.SQLException;

/** Turns SQLite's failures into errors that a client understands. */
final class DatabaseException {
    private static final int SQLITE_FULL = 13;

    private DatabaseException() {}

    static ContainerdError of(SQLException e) {
        return (e.getErrorCode() & 0xff) == SQLITE_FULL
                ? new ContainerdError(
                        ContainerdError.Code.RESOURCE_EXHAUSTED, "write metadata: no space left on device", e)
                : new ContainerdError(ContainerdError.Code.INTERNAL, "metadata: " + e.getMessage(), e);
    }
}
