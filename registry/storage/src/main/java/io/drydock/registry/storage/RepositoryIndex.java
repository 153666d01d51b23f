package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of repositories that have manifests, in the index. Every directory that a name on a page could have come from is asked for
 * its time, and read again if it has changed.
 */
final class RepositoryIndex {
    private static final String PART = "_manifests";

    private final Driver driver;
    private final IndexDatabase database;

    RepositoryIndex(Driver driver, IndexDatabase database) {
        this.driver = driver;
        this.database = database;
    }

    /** The names behind a name, sorted. */
    Page page(String last, int size) throws IOException {
        return database.transaction(connection -> {
            var looked = new HashSet<String>();
            while (true) {
                var names = names(connection, last, size + 1L);
                // without an end where the page has the list's
                if (!refresh(connection, last, names.size() > size ? names.getLast() : "", looked)) {
                    return new Page(List.copyOf(names.subList(0, Math.min(size, names.size()))), names.size() > size);
                }
            }
        });
    }

    private static List<String> names(Connection connection, String last, long most) throws SQLException {
        try (var query =
                connection.prepareStatement("SELECT name FROM repository WHERE name > ? ORDER BY name LIMIT ?")) {
            query.setString(1, last);
            query.setLong(2, most);
            var names = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }

    /** Reads again what has changed; false if nothing has. */
    private boolean refresh(Connection connection, String last, String end, Set<String> looked)
            throws SQLException, IOException {
        boolean changed = false;
        for (var folder : folders(connection, last, end).entrySet()) {
            if (looked.add(folder.getKey())) {
                changed |= refresh(connection, folder.getKey(), folder.getValue());
            }
        }
        return changed;
    }

    /** Those between two names, and those that are beginnings of the first: names behind it can be in them, too. */
    private static Map<String, Long> folders(Connection connection, String last, String end) throws SQLException {
        var found = new LinkedHashMap<String, Long>();
        found.put("", IndexDatabase.UNSURE);
        try (var query = connection.prepareStatement("SELECT changed FROM folder WHERE path = ?")) {
            for (int i = 0; i < last.length(); i++) {
                query.setString(1, last.substring(0, i));
                try (var rows = query.executeQuery()) {
                    if (rows.next()) {
                        found.put(last.substring(0, i), rows.getLong(1));
                    }
                }
            }
        }
        var text = "SELECT path, changed FROM folder WHERE path >= ?" + (end.isEmpty() ? "" : " AND path <= ?");
        try (var query = connection.prepareStatement(text + " ORDER BY path")) {
            query.setString(1, last);
            if (!end.isEmpty()) {
                query.setString(2, end);
            }
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return found;
    }

    private static String directory(String folder) {
        return folder.isEmpty() ? Layout.REPOSITORIES : Layout.repository(folder);
    }

    private boolean refresh(Connection connection, String folder, long known) throws SQLException, IOException {
        var stat = driver.stat(directory(folder));
        if (stat.isEmpty()) {
            return remove(connection, folder);
        }
        if (IndexDatabase.nanos(stat.get().modified()) == known) {
            return false;
        }
        boolean changed = false;
        var names = new HashSet<>(driver.list(directory(folder)));
        if (!folder.isEmpty()) {
            changed = names.contains(PART)
                    ? update(connection, "INSERT OR IGNORE INTO repository VALUES (?)", folder)
                    : update(connection, "DELETE FROM repository WHERE name = ?", folder);
        }
        var prefix = folder.isEmpty() ? "" : folder + "/";
        for (var name : names) {
            if (!name.startsWith("_")) {
                changed |= update(
                        connection,
                        "INSERT OR IGNORE INTO folder VALUES (?, " + IndexDatabase.UNSURE + ")",
                        prefix + name);
            }
        }
        note(connection, folder, IndexDatabase.settled(stat.get().modified()));
        return changed;
    }

    private static void note(Connection connection, String folder, long changed) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO folder VALUES (?, ?)")) {
            insert.setString(1, folder);
            insert.setLong(2, changed);
            insert.execute();
        }
    }

    /** What was in it is found to be gone by its own time. */
    private static boolean remove(Connection connection, String folder) throws SQLException {
        return update(connection, "DELETE FROM repository WHERE name = ?", folder)
                | update(connection, "DELETE FROM folder WHERE path = ?", folder);
    }

    private static boolean update(Connection connection, String text, String name) throws SQLException {
        try (var statement = connection.prepareStatement(text)) {
            statement.setString(1, name);
            return statement.executeUpdate() > 0;
        }
    }
}
