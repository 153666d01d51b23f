package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkStore;
import io.drydock.spec.engine.EngineException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The engine's database. One platform thread owns the connection; callers wait for the transaction that holds their change.
 * Reads happen only when the engine starts.
 */
public final class EngineDatabase implements NetworkStore, AutoCloseable {
    private static final int BATCH = 256;
    private static final int SCHEMA = 1;

    private final Connection connection;
    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final JsonType<Definition> definitions = Jsonb.instance().type(Definition.class);
    private final JsonType<RunState> states = Jsonb.instance().type(RunState.class);
    private final JsonType<VolumeRecord> volumes = Jsonb.instance().type(VolumeRecord.class);
    private final JsonType<Network> networks = Jsonb.instance().type(Network.class);
    private final Thread writer;

    private record Change(String sql, @Nullable String[] values, CompletableFuture<Void> done) {}

    /** A container as it was stored; {@code broken} says why its row cannot be read, with the rest null. */
    public record Stored(
            String id,
            @Nullable Definition definition,
            @Nullable RunState state,
            @Nullable String broken) {}

    private EngineDatabase(Connection connection) {
        this.connection = connection;
        this.writer = Thread.ofPlatform().name("engine-db").start(this::write);
    }

    /** Opens the database, and makes it if it is not there. */
    public static EngineDatabase open(Path file) {
        try {
            var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=NORMAL");
                statement.execute("PRAGMA busy_timeout=5000");
                statement.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
                statement.execute("CREATE TABLE IF NOT EXISTS containers (id TEXT PRIMARY KEY, "
                        + "definition TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID");
                statement.execute("CREATE TABLE IF NOT EXISTS volumes (name TEXT PRIMARY KEY, record TEXT NOT NULL) "
                        + "WITHOUT ROWID");
                statement.execute("CREATE TABLE IF NOT EXISTS networks (id TEXT PRIMARY KEY, record TEXT NOT NULL) "
                        + "WITHOUT ROWID");
                statement.execute("INSERT OR IGNORE INTO meta VALUES ('schema', '" + SCHEMA + "')");
            }
            connection.setAutoCommit(false);
            return new EngineDatabase(connection);
        } catch (SQLException e) {
            throw EngineException.system("open \"" + file + "\": " + e.getMessage(), e);
        }
    }

    /** Stores a container with its state. */
    public void put(Definition definition, RunState state) {
        change(
                "INSERT INTO containers VALUES (?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET definition = ?2, state = ?3",
                definition.id(),
                definitions.toJson(definition),
                states.toJson(state));
    }

    /** Stores a container's new state. */
    public void putState(String id, RunState state) {
        change("UPDATE containers SET state = ?2 WHERE id = ?1", id, states.toJson(state));
    }

    /** Forgets a container. */
    public void removeContainer(String id) {
        change("DELETE FROM containers WHERE id = ?1", id);
    }

    /** Stores a volume. */
    public void put(VolumeRecord volume) {
        change("INSERT OR REPLACE INTO volumes VALUES (?1, ?2)", volume.name(), volumes.toJson(volume));
    }

    /** Forgets a volume. */
    public void removeVolume(String name) {
        change("DELETE FROM volumes WHERE name = ?1", name);
    }

    @Override
    public void put(Network network) {
        change("INSERT OR REPLACE INTO networks VALUES (?1, ?2)", network.id(), networks.toJson(network));
    }

    @Override
    public void removeNetwork(String id) {
        change("DELETE FROM networks WHERE id = ?1", id);
    }

    @Override
    public List<Network> networks() {
        return rows("SELECT id, record FROM networks", 2).stream()
                .map(row -> networks.fromJson(row[1]))
                .toList();
    }

    /** The value of a key; stores and returns {@code initial} if there is none. */
    public String meta(String key, String initial) {
        change("INSERT OR IGNORE INTO meta VALUES (?1, ?2)", key, initial);
        return rows("SELECT key, value FROM meta", 2).stream()
                .filter(row -> row[0].equals(key))
                .findFirst()
                .orElseThrow()[1];
    }

    /** All containers; one that cannot be read does not keep the others away. */
    public List<Stored> containers() {
        return rows("SELECT id, definition, state FROM containers", 3).stream()
                .map(row -> stored(row[0], row[1], row[2]))
                .toList();
    }

    private Stored stored(String id, String definition, String state) {
        try {
            return new Stored(id, definitions.fromJson(definition), states.fromJson(state), null);
        } catch (RuntimeException e) {
            // whatever is wrong with one row must not keep the engine from starting
            return new Stored(id, null, null, String.valueOf(e.getMessage()));
        }
    }

    /** All volumes by name. */
    public Map<String, VolumeRecord> volumes() {
        var found = new LinkedHashMap<String, VolumeRecord>();
        rows("SELECT name, record FROM volumes", 2).forEach(row -> found.put(row[0], volumes.fromJson(row[1])));
        return found;
    }

    private List<String[]> rows(String sql, int columns) {
        synchronized (connection) {
            try (Statement statement = connection.createStatement();
                    var result = statement.executeQuery(sql)) {
                var rows = new ArrayList<String[]>();
                while (result.next()) {
                    String[] row = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        row[i] = result.getString(i + 1);
                    }
                    rows.add(row);
                }
                connection.commit();
                return rows;
            } catch (SQLException e) {
                throw EngineException.system("read the engine's database: " + e.getMessage(), e);
            }
        }
    }

    private void change(String sql, @Nullable String... values) {
        var change = new Change(sql, values, new CompletableFuture<>());
        changes.add(change);
        try {
            change.done.join();
        } catch (CompletionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw EngineException.system("store: " + cause.getMessage(), cause);
        }
    }

    private void write() {
        var batch = new ArrayList<Change>(BATCH);
        boolean open = true;
        while (open) {
            batch.clear();
            try {
                batch.add(changes.take());
            } catch (InterruptedException e) {
                return;
            }
            changes.drainTo(batch, BATCH);
            open = batch.stream().noneMatch(change -> change.sql.isEmpty());
            transact(batch);
        }
    }

    private void transact(List<Change> batch) {
        synchronized (connection) {
            try {
                for (Change change : batch) {
                    if (!change.sql.isEmpty()) {
                        apply(change);
                    }
                }
                connection.commit();
                batch.forEach(change -> change.done.complete(null));
            } catch (SQLException e) {
                rollback(e);
                if (batch.size() == 1) {
                    batch.getFirst().done.completeExceptionally(e);
                } else {
                    // one bad change must not fail its neighbours
                    batch.forEach(change -> transact(List.of(change)));
                }
            }
        }
    }

    private void apply(Change change) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(change.sql)) {
            for (int i = 0; i < change.values.length; i++) {
                statement.setString(i + 1, change.values[i]);
            }
            statement.executeUpdate();
        }
    }

    /**
     * Undoes the transaction. SQLite has done so itself when the disk was full; the driver does not know that and goes on as if
     * one were open, so one is begun for it.
     */
    private void rollback(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException alreadyUndone) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Writes what is queued and closes. */
    @Override
    public void close() {
        change("");
        synchronized (connection) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw EngineException.system("close the engine's database: " + e.getMessage(), e);
            }
        }
    }
}
