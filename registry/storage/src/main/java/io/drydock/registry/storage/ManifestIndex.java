package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The manifests of repositories and what they are about, in the index. The times of their directories say when one came or went. */
final class ManifestIndex {
    private final Driver driver;
    private final IndexDatabase database;

    ManifestIndex(Driver driver, IndexDatabase database) {
        this.driver = driver;
        this.database = database;
    }

    /** The digests of the manifests that name the subject; some may have gone. */
    List<Digest> about(String repository, Digest subject) throws IOException {
        return database.transaction(connection -> {
            refresh(connection, repository);
            try (var query = connection.prepareStatement(
                    "SELECT digest FROM manifest WHERE repository = ? AND subject = ? ORDER BY digest")) {
                query.setString(1, repository);
                query.setString(2, subject.toString());
                var found = new ArrayList<Digest>();
                try (var rows = query.executeQuery()) {
                    while (rows.next()) {
                        found.add(Digest.parse(rows.getString(1)));
                    }
                }
                return found;
            }
        });
    }

    /** Brings a repository's up to date. */
    void refresh(String repository) throws IOException {
        database.transaction(connection -> {
            refresh(connection, repository);
            return true;
        });
    }

    private void refresh(Connection connection, String repository) throws SQLException, IOException {
        for (var algorithm : driver.list(Layout.revisions(repository))) {
            refresh(connection, repository, algorithm);
        }
    }

    private void refresh(Connection connection, String repository, String algorithm) throws SQLException, IOException {
        var directory = Layout.revisions(repository) + "/" + algorithm;
        var stat = driver.stat(directory);
        if (stat.isEmpty()
                || IndexDatabase.nanos(stat.get().modified()) == changed(connection, repository, algorithm)) {
            return;
        }
        var gone = digests(connection, repository, algorithm);
        boolean whole = true;
        for (var hex : driver.list(directory)) {
            var text = algorithm + ":" + hex;
            if (!gone.remove(text) && Digest.isDigest(text)) {
                whole &= put(connection, repository, Digest.parse(text));
            }
        }
        try (var delete = connection.prepareStatement("DELETE FROM manifest WHERE repository = ? AND digest = ?")) {
            for (var digest : gone) {
                delete.setString(1, repository);
                delete.setString(2, digest);
                delete.addBatch();
            }
            delete.executeBatch();
        }
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO manifest_list VALUES (?, ?, ?)")) {
            insert.setString(1, repository);
            insert.setString(2, algorithm);
            insert.setLong(3, whole ? IndexDatabase.settled(stat.get().modified()) : IndexDatabase.UNSURE);
            insert.execute();
        }
    }

    private static long changed(Connection connection, String repository, String algorithm) throws SQLException {
        try (var query = connection.prepareStatement(
                "SELECT changed FROM manifest_list WHERE repository = ? AND algorithm = ?")) {
            query.setString(1, repository);
            query.setString(2, algorithm);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getLong(1) : IndexDatabase.UNSURE;
            }
        }
    }

    private static Set<String> digests(Connection connection, String repository, String algorithm) throws SQLException {
        try (var query = connection.prepareStatement(
                "SELECT digest FROM manifest WHERE repository = ? AND digest LIKE ? || ':%'")) {
            query.setString(1, repository);
            query.setString(2, algorithm);
            var found = new HashSet<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    /** Reads a manifest; false if it cannot be read yet, or not any more. */
    private boolean put(Connection connection, String repository, Digest digest) throws SQLException, IOException {
        var manifest = driver.read(Layout.blob(digest));
        if (manifest.isEmpty()) {
            return false;
        }
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO manifest VALUES (?, ?, ?)")) {
            insert.setString(1, repository);
            insert.setString(2, digest.toString());
            insert.setString(
                    3,
                    References.subjectOf(manifest.get()).map(Digest::toString).orElse(null));
            insert.execute();
        }
        return true;
    }
}
