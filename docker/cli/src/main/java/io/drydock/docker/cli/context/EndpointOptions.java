package io.drydock.docker.cli.context;

import io.drydock.docker.cli.http.Endpoint;
import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code --docker host=…,ca=…,cert=…,key=…,skip-tls-verify=…} or {@code from=…}. */
final class EndpointOptions {
    private static final List<String> KEYS = List.of("ca", "cert", "from", "host", "key", "skip-tls-verify");
    private static final String FAILURE = "unable to create docker endpoint config: ";

    private EndpointOptions() {}

    /** Checks one argument of the flag. */
    static void check(String argument) throws FlagException {
        for (String pair : argument.split(",")) {
            if (pair.indexOf('=') < 0) {
                throw new FlagException(pair + " must be formatted as key=value");
            }
        }
    }

    /** The endpoint, as a context without name; one taken from another context comes without TLS files. */
    static StoredContext read(ContextStore store, List<String> arguments) throws IOException, CliException {
        var options = new TreeMap<String, String>();
        for (String argument : arguments) {
            for (String pair : argument.split(",")) {
                int equals = pair.indexOf('=');
                options.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        for (String key : options.keySet()) {
            if (!KEYS.contains(key)) {
                throw new CliException(FAILURE + "unrecognized config key: " + key);
            }
        }
        String from = options.getOrDefault("from", "");
        try {
            return from.isEmpty() ? endpoint(options) : StoredContext.of(store.read(from), Map.of());
        } catch (CliException e) {
            throw new CliException(FAILURE + e.getMessage());
        }
    }

    private static StoredContext endpoint(Map<String, String> options) throws IOException, CliException {
        var tls = new TreeMap<String, byte[]>();
        for (String key : List.of("ca", "cert", "key")) {
            String file = options.getOrDefault(key, "");
            if (!file.isEmpty()) {
                try {
                    tls.put(key + ".pem", Files.readAllBytes(Path.of(file)));
                } catch (NoSuchFileException e) {
                    throw new CliException("open " + file + ": no such file or directory");
                }
            }
        }
        boolean skip = false;
        String verify = options.getOrDefault("skip-tls-verify", "");
        try {
            skip = !verify.isEmpty() && FlagValues.bool(verify);
        } catch (FlagException e) {
            throw new CliException("skip-tls-verify: parsing " + FlagValues.quote(verify) + ": invalid syntax");
        }
        String host = options.getOrDefault("host", "");
        // a context may name an engine that is reached over ssh, also where this client cannot go there
        if (!host.isEmpty() && !host.startsWith("ssh://")) {
            try {
                if (host.indexOf("://") < 0) {
                    throw new IllegalArgumentException("unable to parse docker host `" + host + "`");
                }
                Endpoint.of(host, null);
            } catch (IllegalArgumentException e) {
                throw new CliException("unable to apply docker endpoint options: " + e.getMessage());
            }
        }
        return new StoredContext("", "", host, skip, tls);
    }
}
