package io.drydock.registry.server;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.drydock.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who may use the registry: everybody, or the users of an htpasswd file with bcrypt passwords. */
sealed interface Access {
    /** Throws UNAUTHORIZED, with a challenge among the headers, for others. */
    void check(Exchange exchange);

    /** No questions. */
    record Everybody() implements Access {
        @Override
        public void check(Exchange exchange) {}
    }

    /** Basic authorization. Passwords that were right are remembered, since to verify one takes a tenth of a second. */
    final class Htpasswd implements Access {
        private final String realm;
        private final Map<String, String> hashes;
        private final Map<String, Boolean> right = new ConcurrentHashMap<>();

        private Htpasswd(String realm, Map<String, String> hashes) {
            this.realm = realm;
            this.hashes = hashes;
        }

        /** @throws IOException when the file cannot be read or has a line of another kind */
        static Htpasswd read(String realm, Path file) throws IOException {
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
            return new Htpasswd(realm, Map.copyOf(hashes));
        }

        @Override
        public void check(Exchange exchange) {
            var header = exchange.request().header("Authorization");
            if (header == null
                    || !header.startsWith("Basic ")
                    || !isRight(header.substring(6).strip())) {
                exchange.response().header("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
                throw ApiError.unauthorized();
            }
        }

        private boolean isRight(String encoded) {
            if (right.containsKey(encoded)) {
                return true;
            }
            String pair;
            try {
                pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return false;
            }
            int colon = pair.indexOf(':');
            var hash = colon < 0 ? null : hashes.get(pair.substring(0, colon));
            boolean verified = hash != null
                    && BCrypt.verifyer().verify(pair.substring(colon + 1).toCharArray(), hash.toCharArray()).verified;
            if (verified) {
                right.put(encoded, true);
            }
            return verified;
        }
    }
}
