package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The index's file, opened when it is first needed. All that is in it can be read again from the layout: what is damaged, or of another
 * version, is removed and made anew, and where nothing can be written the index is in memory. Several processes may use one.
 */
final class IndexDatabase implements AutoCloseable {
    private static final int VERSION = 1;
    private static final List<String> SCHEMA = List.of(
            // a time is that of the directory when it was read, in nanoseconds, or UNSURE
            "CREATE TABLE folder (path TEXT PRIMARY KEY, changed INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE repository (name TEXT PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE tag_list (repository TEXT PRIMARY KEY, changed INTEGER NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE tag (repository TEXT, name TEXT, digest TEXT NOT NULL, changed INTEGER NOT NULL,"
                    + " PRIMARY KEY (repository, name)) WITHOUT ROWID",
            "CREATE TABLE manifest_list (repository TEXT, algorithm TEXT, changed INTEGER NOT NULL,"
                    + " PRIMARY KEY (repository, algorithm)) WITHOUT ROWID",
            "CREATE TABLE manifest (repository TEXT, digest TEXT, subject TEXT, PRIMARY KEY (repository, digest)) WITHOUT ROWID",
            "CREATE INDEX manifest_subject ON manifest (repository, subject) WHERE subject IS NOT NULL");

    /** In place of the time of something that has to be looked at again. */
    static final long UNSURE = -1;
    /** A change in the same tick of the file system's clock as the reading would not show in the time. */
    private static final long SETTLED_MILLIS = 2_000;

    private static final Set<SQLiteErrorCode> DAMAGED =
            Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);
    private static final Set<SQLiteErrorCode> NOT_TO_BE_WRITTEN = Set.of(
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_PERM,
            SQLiteErrorCode.SQLITE_FULL);

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;
    private boolean inMemory;

    /** @param file is made when it is needed */
    IndexDatabase(Path file) {
        this.file = file;
    }

    /** Something done as a whole or not at all. */
    interface Work<T> {
        T run(Connection connection) throws SQLException, IOException;
    }

    /** Does something alone. It may be done a second time, on an empty index, if the first finds the file damaged. */
    <T> T transaction(Work<T> work) throws IOException {
        lock.lock();
        try {
            return attempt(work);
        } catch (SQLiteException e) {
            if (!DAMAGED.contains(primary(e)) && (inMemory || !NOT_TO_BE_WRITTEN.contains(primary(e)))) {
                throw new IOException("index " + file + ": " + e.getMessage(), e);
            }
            inMemory = NOT_TO_BE_WRITTEN.contains(primary(e));
            discard();
            return again(work);
        } catch (SQLException e) {
            throw new IOException("index " + file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private <T> T again(Work<T> work) throws IOException {
        try {
            return attempt(work);
        } catch (SQLException e) {
            throw new IOException("index " + file + ": " + e.getMessage(), e);
        }
    }

    private static SQLiteErrorCode primary(SQLiteException e) {
        return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
    }

    private <T> T attempt(Work<T> work) throws SQLException, IOException {
        var open = open();
        boolean done = false;
        try {
            T result = work.run(open);
            open.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                open.rollback();
            }
        }
    }

    private Connection open() throws SQLException, IOException {
        if (connection != null) {
            return connection;
        }
        Connection made;
        if (inMemory) {
            made = connect(":memory:");
        } else {
            var directory = Objects.requireNonNull(file.getParent());
            if (Files.isWritable(Objects.requireNonNull(directory.getParent()))) {
                Files.createDirectories(directory);
            }
            made = connect(file.toString());
        }
        connection = made;
        try (var statement = made.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA cache_size = -1000");
            made.setAutoCommit(false);
            int version = statement.executeQuery("PRAGMA user_version").getInt(1);
            if (version != 0 && version != VERSION) {
                throw new SQLiteException("of another version", SQLiteErrorCode.SQLITE_NOTADB);
            }
            if (version == 0) {
                for (var table : SCHEMA) {
                    statement.execute(table);
                }
                statement.execute("PRAGMA user_version = " + VERSION);
            }
            made.commit();
        }
        return made;
    }

    private static Connection connect(String where) throws SQLException {
        // another process that wrote after this one's first look would fail its first change: so it waits from the
        // beginning
        var settings = new Properties();
        settings.setProperty("transaction_mode", "IMMEDIATE");
        // the driver is named and not looked for: the look-up scans the class path
        return JDBC.createConnection("jdbc:sqlite:" + where, settings);
    }

    /** Forgets everything. */
    void clear() throws IOException {
        transaction(connection -> {
            try (var statement = connection.createStatement()) {
                for (var table : List.of("folder", "repository", "tag_list", "tag", "manifest_list", "manifest")) {
                    statement.executeUpdate("DELETE FROM " + table);
                }
            }
            return true;
        });
    }

    private void discard() throws IOException {
        close();
        if (!inMemory) {
            for (var end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
            }
        }
    }

    /** The time to note for a directory that has been read: its own, unless a change since would not show in it. */
    static long settled(Instant changed) {
        return System.currentTimeMillis() - changed.toEpochMilli() > SETTLED_MILLIS ? nanos(changed) : UNSURE;
    }

    static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            var open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            throw new IOException("index " + file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
