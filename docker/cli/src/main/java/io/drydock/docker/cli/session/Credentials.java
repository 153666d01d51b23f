package io.drydock.docker.cli.session;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the configuration knows to log in to registries with: in its file, or through a credential helper. */
public final class Credentials {
    private static final String HUB = "https://index.docker.io/v1/";

    private Credentials() {}

    /** The name under which a registry's credentials are kept. */
    public static String key(String registry) {
        return registry.equals("docker.io") || registry.equals("index.docker.io") ? HUB : registry;
    }

    /** The header for requests that make the engine talk to a registry. */
    public static String header(Cli cli, String registry) throws IOException, CliException {
        byte[] json = Json.write(lookup(cli, key(registry))).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().encodeToString(json);
    }

    /** The members of an {@code AuthConfig}; empty if nothing is known. */
    public static Map<String, Object> lookup(Cli cli, String key) throws IOException, CliException {
        String helper = helper(cli, key);
        if (!helper.isEmpty()) {
            return CredentialHelper.get(helper, key);
        }
        Map<String, Object> auths = Json.map(cli.config().content().get("auths"));
        Object entry = auths.get(key);
        for (String other : auths.keySet()) {
            if (entry == null && host(other).equals(host(key))) {
                entry = auths.get(other);
            }
        }
        if (entry == null) {
            return Map.of();
        }
        var auth = new LinkedHashMap<String, Object>();
        String packed = Json.text(entry, "auth");
        if (!packed.isEmpty()) {
            String pair = new String(Base64.getDecoder().decode(packed), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            auth.put("username", pair.substring(0, Math.max(colon, 0)));
            auth.put("password", pair.substring(colon + 1).replace("\0", ""));
        }
        String token = Json.text(entry, "identitytoken");
        if (!token.isEmpty()) {
            auth.put("identitytoken", token);
        }
        auth.put("serveraddress", key);
        return auth;
    }

    /** All that is known, by registry, as the client's configuration file has it. */
    public static Map<String, Object> all(Cli cli) throws IOException, CliException {
        var servers = new java.util.TreeSet<>(
                Json.map(cli.config().content().get("auths")).keySet());
        servers.addAll(Json.map(cli.config().content().get("credHelpers")).keySet());
        String store = cli.config().text("credsStore");
        if (!store.isEmpty()) {
            servers.addAll(CredentialHelper.list(store));
        }
        var all = new LinkedHashMap<String, Object>();
        for (String server : servers) {
            Map<String, Object> found = lookup(cli, server);
            String token = Json.text(found, "identitytoken");
            if (!token.isEmpty() || !Json.text(found, "username").isEmpty()) {
                all.put(server, entry(Json.text(found, "username"), Json.text(found, "password"), token));
            }
        }
        return all;
    }

    private static Map<String, Object> entry(String user, String password, String token) {
        var entry = new LinkedHashMap<String, Object>();
        String pair = user + ":" + (token.isEmpty() ? password : "");
        entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        if (!token.isEmpty()) {
            entry.put("identitytoken", token);
        }
        return entry;
    }

    static String helper(Cli cli, String key) throws IOException {
        String own = Json.text(cli.config().content().get("credHelpers"), key);
        return own.isEmpty() ? cli.config().text("credsStore") : own;
    }

    private static String host(String address) {
        int scheme = address.indexOf("://");
        String rest = scheme < 0 ? address : address.substring(scheme + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    /** Keeps what the user logged in with. */
    @SuppressWarnings("unchecked")
    public static void store(Cli cli, String key, String user, String password, String token)
            throws IOException, CliException {
        String helper = helper(cli, key);
        if (!helper.isEmpty()) {
            boolean identity = !token.isEmpty();
            CredentialHelper.store(helper, key, identity ? "<token>" : user, identity ? token : password);
            return;
        }
        var entry = entry(user, password, token);
        var auths = (Map<String, Object>)
                cli.config().content().computeIfAbsent("auths", name -> new LinkedHashMap<String, Object>());
        auths.put(key, entry);
        cli.config().save();
    }

    /** Forgets them; false if there were none. */
    public static boolean erase(Cli cli, String key) throws IOException, CliException {
        String helper = helper(cli, key);
        if (!helper.isEmpty()) {
            CredentialHelper.erase(helper, key);
            return true;
        }
        Map<String, Object> auths = Json.map(cli.config().content().get("auths"));
        if (!auths.containsKey(key)) {
            return false;
        }
        auths.remove(key);
        cli.config().save();
        return true;
    }
}
