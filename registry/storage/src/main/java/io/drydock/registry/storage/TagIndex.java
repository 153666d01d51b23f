package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tags of repositories in the index. The time of a directory of tags says whether one came or went, and is asked each time; the time
 * of a tag's link says whether it stands for something else.
 */
final class TagIndex {
    /** Lists of so many names are kept in memory, those used last, until there are so many names. */
    private static final int LARGE = 64;

    private static final int MOST = 100_000;

    private final Driver driver;
    private final Links links;
    private final IndexDatabase database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);
    private int remembered;

    private record Known(long changed, String[] names) {}

    TagIndex(Driver driver, Links links, IndexDatabase database) {
        this.driver = driver;
        this.links = links;
        this.database = database;
    }

    /** The tags behind a tag. */
    Page page(String repository, String last, int size) throws IOException {
        var directory = driver.stat(Layout.tags(repository));
        if (directory.isEmpty()) {
            return new Page(List.of(), false);
        }
        var changed = directory.get().modified();
        long time = IndexDatabase.nanos(changed);
        var before = known(repository);
        if (before != null && before.changed() == time) {
            return page(before.names(), last, size);
        }
        return database.transaction(connection -> {
            var list = list(connection, repository);
            if (list == null || list.changed() != time) {
                list = refresh(connection, repository, IndexDatabase.settled(changed));
            }
            if (list.size() < LARGE || list.size() > MOST || list.changed() == IndexDatabase.UNSURE) {
                return select(connection, repository, last, size);
            }
            var names = select(connection, repository, "", list.size()).names().toArray(String[]::new);
            remember(repository, new Known(time, names));
            return page(names, last, size);
        });
    }

    private static Page page(String[] all, String last, int size) {
        int place = Arrays.binarySearch(all, last);
        int begin = place >= 0 ? place + 1 : -place - 1;
        int end = size > all.length - begin ? all.length : begin + size;
        return new Page(List.of(Arrays.copyOfRange(all, begin, end)), end < all.length);
    }

    private static Page select(Connection connection, String repository, String last, int size) throws SQLException {
        try (var query = connection.prepareStatement(
                "SELECT name FROM tag WHERE repository = ? AND name > ? ORDER BY name LIMIT ?")) {
            query.setString(1, repository);
            query.setString(2, last);
            query.setLong(3, size + 1L);
            var names = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return new Page(List.copyOf(names.subList(0, Math.min(size, names.size()))), names.size() > size);
        }
    }

    private record Listed(long changed, int size) {}

    private static @Nullable Listed list(Connection connection, String repository) throws SQLException {
        try (var query = connection.prepareStatement("SELECT changed, size FROM tag_list WHERE repository = ?")) {
            query.setString(1, repository);
            try (var rows = query.executeQuery()) {
                return rows.next() ? new Listed(rows.getLong(1), rows.getInt(2)) : null;
            }
        }
    }

    /** Reads the names again, and the links of those that are new. */
    private Listed refresh(Connection connection, String repository, long settled) throws SQLException, IOException {
        var gone = rows(connection, repository);
        int size = 0;
        boolean whole = true;
        for (var tag : driver.list(Layout.tags(repository))) {
            if (gone.remove(tag) != null || put(connection, repository, tag)) {
                size++;
            } else {
                whole = false; // its link may come without a change of this directory
            }
        }
        try (var delete = connection.prepareStatement("DELETE FROM tag WHERE repository = ? AND name = ?")) {
            for (var tag : gone.keySet()) {
                delete.setString(1, repository);
                delete.setString(2, tag);
                delete.addBatch();
            }
            delete.executeBatch();
        }
        var list = new Listed(whole ? settled : IndexDatabase.UNSURE, size);
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO tag_list VALUES (?, ?, ?)")) {
            insert.setString(1, repository);
            insert.setLong(2, list.changed());
            insert.setInt(3, list.size());
            insert.execute();
        }
        return list;
    }

    private record Row(String digest, long changed) {}

    private static Map<String, Row> rows(Connection connection, String repository) throws SQLException {
        try (var query = connection.prepareStatement("SELECT name, digest, changed FROM tag WHERE repository = ?")) {
            query.setString(1, repository);
            var found = new HashMap<String, Row>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), new Row(rows.getString(2), rows.getLong(3)));
                }
            }
            return found;
        }
    }

    /** Reads a tag's link; false if it has none. */
    private boolean put(Connection connection, String repository, String tag) throws SQLException, IOException {
        var link = Layout.tagLink(repository, tag);
        var stat = driver.stat(link);
        if (stat.isEmpty()) {
            return false;
        }
        put(
                connection,
                repository,
                tag,
                links.text(link),
                IndexDatabase.settled(stat.get().modified()));
        return true;
    }

    private static void put(Connection connection, String repository, String tag, String digest, long changed)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?)")) {
            insert.setString(1, repository);
            insert.setString(2, tag);
            insert.setString(3, digest);
            insert.setLong(4, changed);
            insert.execute();
        }
    }

    /** The tags that stand for a manifest, sorted. Looks at the time of each tag's link, and reads those that have changed. */
    List<String> of(String repository, Digest digest) throws IOException {
        if (driver.stat(Layout.tags(repository)).isEmpty()) {
            return List.of();
        }
        return database.transaction(connection -> {
            refresh(connection, repository, IndexDatabase.UNSURE);
            for (var row : rows(connection, repository).entrySet()) {
                var stat = driver.stat(Layout.tagLink(repository, row.getKey()));
                if (stat.isPresent()
                        && IndexDatabase.nanos(stat.get().modified())
                                != row.getValue().changed()) {
                    put(connection, repository, row.getKey());
                }
            }
            return named(connection, repository, digest);
        });
    }

    private static List<String> named(Connection connection, String repository, Digest digest) throws SQLException {
        try (var query =
                connection.prepareStatement("SELECT name FROM tag WHERE repository = ? AND digest = ? ORDER BY name")) {
            query.setString(1, repository);
            query.setString(2, digest.toString());
            var names = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }

    /** A tag is about to go. Should its directory stay because this process is killed, it is looked at again. */
    void going(String repository, String tag) throws IOException {
        lock.lock();
        try {
            forget(repository);
        } finally {
            lock.unlock();
        }
        database.transaction(connection -> {
            try (var row = connection.prepareStatement("DELETE FROM tag WHERE repository = ? AND name = ?");
                    var list = connection.prepareStatement("DELETE FROM tag_list WHERE repository = ?")) {
                row.setString(1, repository);
                row.setString(2, tag);
                list.setString(1, repository);
                return row.executeUpdate() + list.executeUpdate();
            }
        });
    }

    void clear() {
        lock.lock();
        try {
            known.clear();
            remembered = 0;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Known known(String repository) {
        lock.lock();
        try {
            return known.get(repository);
        } finally {
            lock.unlock();
        }
    }

    private void forget(String repository) {
        var before = known.remove(repository);
        remembered -= before == null ? 0 : before.names().length;
    }

    private void remember(String repository, Known now) {
        lock.lock();
        try {
            forget(repository);
            known.put(repository, now);
            remembered += now.names().length;
            var oldest = known.entrySet().iterator();
            while (remembered > MOST && oldest.hasNext()) {
                remembered -= oldest.next().getValue().names().length;
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
