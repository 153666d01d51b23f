package io.drydock.registry.server;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.drydock.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users of an htpasswd file with bcrypt passwords. The file is read again when it has changed. Passwords that were right
 * are remembered until then, since to verify one takes a tenth of a second.
 */
final class HtpasswdAccess implements Access {
    private final String realm;
    private final Path file;
    private volatile Users users;

    /** The file as it was at a time. */
    private record Users(FileTime time, Map<String, String> hashes, Map<String, Boolean> right) {}

    /** @throws IOException when the file cannot be read or has a line of another kind */
    HtpasswdAccess(String realm, Path file) throws IOException {
        this.realm = realm;
        this.file = file;
        this.users = read();
    }

    private Users read() throws IOException {
        var time = Files.getLastModifiedTime(file);
        var hashes = new HashMap<String, String>();
        for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            var entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            int colon = entry.indexOf(':');
            if (colon <= 0 || !entry.startsWith("$2", colon + 1)) {
                throw new IOException("htpasswd: invalid entry in " + file + ": only bcrypt is supported");
            }
            hashes.put(entry.substring(0, colon), entry.substring(colon + 1));
        }
        return new Users(time, Map.copyOf(hashes), new ConcurrentHashMap<>());
    }

    private Users current() throws IOException {
        var known = users;
        if (!Files.getLastModifiedTime(file).equals(known.time)) {
            known = read();
            users = known;
        }
        return known;
    }

    @Override
    public void check(Exchange exchange, List<Right> rights) throws IOException {
        var header = exchange.request().header("Authorization");
        if (header == null || !accepts(header)) {
            exchange.response().header("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
            throw Access.unauthorized(rights);
        }
    }

    /** Whether an Authorization header is a user's. */
    boolean accepts(String header) throws IOException {
        return header.startsWith("Basic ")
                && isRight(current(), header.substring(6).strip());
    }

    private static boolean isRight(Users users, String encoded) {
        if (users.right.containsKey(encoded)) {
            return true;
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return false;
        }
        int colon = pair.indexOf(':');
        var hash = colon < 0 ? null : users.hashes.get(pair.substring(0, colon));
        boolean verified = hash != null
                && BCrypt.verifyer().verify(pair.substring(colon + 1).toCharArray(), hash.toCharArray()).verified;
        if (verified) {
            users.right.put(encoded, true);
        }
        return verified;
    }
}
