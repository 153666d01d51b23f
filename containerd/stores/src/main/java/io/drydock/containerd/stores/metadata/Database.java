package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * The one connection that writes the metadata. Transactions run one after the other, each takes some tens of microseconds: SQLite
 * is called in the caller's thread, under a lock that virtual threads can wait for without holding their carrier. Long reads
 * have a connection of their own, see {@link #snapshot}; the disk is waited for by {@link WriteAheadLog}'s thread, or by who wants.
 */
public final class Database implements AutoCloseable {
    private static final List<String> FIRST = List.of(
            "CREATE TABLE namespace (name TEXT PRIMARY KEY, labels BLOB NOT NULL) WITHOUT ROWID",
            "CREATE TABLE image (namespace TEXT, name TEXT, media_type TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,"
                    + " labels BLOB NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (namespace, name)) WITHOUT ROWID",
            "CREATE TABLE container (namespace TEXT, id TEXT, body BLOB NOT NULL, snapshotter TEXT NOT NULL, snapshot_key TEXT NOT NULL,"
                    + " image TEXT NOT NULL, PRIMARY KEY (namespace, id))",
            "CREATE TABLE content (namespace TEXT, digest TEXT, size INTEGER NOT NULL, labels BLOB NOT NULL, created INTEGER NOT NULL,"
                    + " updated INTEGER NOT NULL, PRIMARY KEY (namespace, digest)) WITHOUT ROWID",
            "CREATE INDEX content_digest ON content (digest)",
            "CREATE TABLE snapshot (id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT, snapshotter TEXT, name TEXT, kind TEXT NOT NULL,"
                    + " parent TEXT NOT NULL, size INTEGER NOT NULL, inodes INTEGER NOT NULL, labels BLOB NOT NULL,"
                    + " created INTEGER NOT NULL, updated INTEGER NOT NULL, UNIQUE (namespace, snapshotter, name))",
            "CREATE INDEX snapshot_parent ON snapshot (namespace, snapshotter, parent)",
            "CREATE TABLE lease (namespace TEXT, id TEXT, labels BLOB NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (namespace, id)) WITHOUT ROWID",
            "CREATE TABLE resource (namespace TEXT, lease TEXT, type TEXT, id TEXT, PRIMARY KEY (namespace, lease, type, id)) WITHOUT ROWID");
    /** What makes each version of the one before it, from nothing on. */
    private static final List<List<String>> VERSIONS = List.of(
            FIRST,
            List.of("CREATE TABLE sandbox (namespace TEXT, id TEXT, body BLOB NOT NULL, PRIMARY KEY (namespace, id))"));

    private final Path file;
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Statements statements;
    private final WriteAheadLog log;
    /** Guarded by the lock, as is what the transaction under way has done. */
    private @Nullable Watch watch;

    private boolean changed;
    private volatile Runnable onChange = () -> {};

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.statements = new Statements(connection);
        this.log = new WriteAheadLog(file);
    }

    /**
     * Opens the file, or makes it.
     *
     * @throws IOException when it is damaged, is of a newer version, or cannot be written
     */
    public static Database open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            // the driver is named and not looked for: the look-up scans the class path
            var connection = connect(file);
            var database = new Database(file, connection);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = NORMAL");
                statement.execute("PRAGMA busy_timeout = 10000");
                // else whoever commits the thousandth page would wait for the disk, and all others for him
                statement.execute("PRAGMA wal_autocheckpoint = 0");
            }
            connection.setAutoCommit(false);
            database.migrate(file);
            database.log.start();
            return database;
        } catch (SQLException e) {
            throw new IOException("open database " + file + ": " + e.getMessage(), e);
        }
    }

    static Connection connect(Path file) throws SQLException {
        return JDBC.createConnection("jdbc:sqlite:" + file, new java.util.Properties());
    }

    private void migrate(Path file) throws SQLException, IOException {
        int version;
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("PRAGMA user_version")) {
            version = result.next() ? result.getInt(1) : 0;
        }
        connection.commit();
        if (version > VERSIONS.size()) {
            throw new IOException("open database " + file + ": it is of version " + version + ", this program knows "
                    + VERSIONS.size());
        }
        for (int next = version; next < VERSIONS.size(); next++) {
            try (var statement = connection.createStatement()) {
                for (var sql : VERSIONS.get(next)) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + (next + 1));
            }
            connection.commit();
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Transaction transaction);
    }

    /** Does the work in one transaction; whatever it throws undoes it. */
    public <T> T transaction(Work<T> work) {
        lock.lock();
        try {
            boolean done = false;
            try {
                changed = false;
                T result = work.with(new Transaction(statements));
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    rollback();
                }
            }
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        } finally {
            boolean tell = changed;
            lock.unlock();
            if (tell) {
                log.changed();
                onChange.run();
            }
        }
    }

    /** Does the work in one transaction, and has it on disk before it returns: even a power failure does not undo it. */
    public <T> T durably(Work<T> work) {
        T result = transaction(work);
        flush();
        return result;
    }

    /** Waits until every transaction that has ended is on disk; together with whoever else waits. */
    public void flush() {
        try {
            log.flush();
        } catch (IOException e) {
            throw new ContainerdError(
                    ContainerdError.Code.INTERNAL, "write database " + file + " to disk: " + e.getMessage(), e);
        }
    }

    /** Tells somebody of every transaction that has changed something, in the thread that ran it. */
    public void onChange(Runnable told) {
        onChange = told;
    }

    /** Reads a state of the whole database that does not change meanwhile; writers do not wait. */
    public <T> T snapshot(Work<T> work) {
        try (var reader = connect(file)) {
            try (var statement = reader.createStatement()) {
                statement.execute("PRAGMA query_only = ON");
            }
            reader.setAutoCommit(false);
            T result = work.with(new Transaction(new Statements(reader)));
            reader.rollback();
            return result;
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        }
    }

    /** Begins to note what is written. One watch at a time. */
    public Watch watch() {
        lock.lock();
        try {
            watch = new Watch();
            return watch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Every name that has been written since it began: as a column, or as a label's value. Deletions are not noted: who
     * deletes does not begin to need anything.
     */
    public final class Watch implements AutoCloseable {
        private Set<String> names = new HashSet<>();

        private Watch() {}

        private void note(Object... arguments) {
            for (var argument : arguments) {
                if (argument instanceof String name) {
                    names.add(name);
                } else if (argument instanceof byte[] bytes) {
                    names.addAll(Labels.valuesIn(bytes));
                }
            }
        }

        /** The names written since it was last asked. To be called inside a transaction. */
        public Set<String> taken() {
            var all = names;
            names = new HashSet<>();
            return all;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watch = null;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Undoes the transaction. SQLite has done so itself when the disk was full; the driver does not know that and goes on as if
     * one were open, so one is begun for it.
     */
    private void rollback() throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException alreadyUndone) {
            try (var statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
        }
    }

    /** A row of an answer. */
    public record Row(@Nullable Object[] columns) {
        public String text(int column) {
            return (String) columns[column];
        }

        public long number(int column) {
            return ((Number) columns[column]).longValue();
        }

        public byte[] bytes(int column) {
            return (byte[]) columns[column];
        }
    }

    /** Statements inside a transaction. */
    public final class Transaction {
        private final Statements statements;

        private Transaction(Statements statements) {
            this.statements = statements;
        }

        public List<Row> query(String sql, Object... arguments) {
            try (ResultSet result = statements.prepare(sql, arguments).executeQuery()) {
                int width = result.getMetaData().getColumnCount();
                var rows = new ArrayList<Row>();
                while (result.next()) {
                    var columns = new Object[width];
                    for (int i = 0; i < width; i++) {
                        columns[i] = result.getObject(i + 1);
                    }
                    rows.add(new Row(columns));
                }
                return rows;
            } catch (SQLException e) {
                throw DatabaseException.of(e);
            }
        }

        /** The first row, or null if there is none. */
        public @Nullable Row first(String sql, Object... arguments) {
            var rows = query(sql, arguments);
            return rows.isEmpty() ? null : rows.getFirst();
        }

        /** Whether there is such a row. */
        public boolean has(String sql, Object... arguments) {
            return first(sql, arguments) != null;
        }

        /** The number of rows changed. */
        public int update(String sql, Object... arguments) {
            try {
                if (watch != null && !sql.startsWith("DELETE")) {
                    watch.note(arguments);
                }
                changed = true;
                return statements.prepare(sql, arguments).executeUpdate();
            } catch (SQLException e) {
                throw DatabaseException.of(e);
            }
        }
    }

    /** A connection's prepared statements. */
    private static final class Statements {
        private final Connection connection;
        private final Map<String, PreparedStatement> prepared = new HashMap<>();

        Statements(Connection connection) {
            this.connection = connection;
        }

        PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
            var statement = prepared.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement;
        }
    }

    @Override
    public void close() {
        log.close();
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw DatabaseException.of(e);
        } finally {
            lock.unlock();
        }
    }
}
