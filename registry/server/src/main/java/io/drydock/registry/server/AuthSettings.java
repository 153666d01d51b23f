package io.drydock.registry.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may use the registry: the part {@code auth} of its configuration. */
sealed interface AuthSettings {
    /** Everybody. */
    record None() implements AuthSettings {}

    /** The users of a file. */
    record Htpasswd(String realm, Path path) implements AuthSettings {}

    /**
     * Those who bring a token of an authorization server.
     *
     * @param realm address of that server
     * @param service this registry's name there
     * @param issuer who must have issued a token
     * @param certificates a PEM file of those who may sign, or of authorities over them; null for none
     * @param keys a JWKS file of keys that may sign; null for none
     * @param algorithms that signatures may use; empty for all that are not broken
     */
    record Token(
            String realm,
            String service,
            String issuer,
            @Nullable Path certificates,
            @Nullable Path keys,
            List<String> algorithms)
            implements AuthSettings {}

    static AuthSettings of(ConfigNode auth) {
        if (auth.names().size() > 1 && !auth.has("none")) {
            throw new IllegalArgumentException(
                    "error parsing configuration: must provide exactly one auth type. Provided: " + auth.names());
        }
        for (var name : auth.names()) {
            if (!List.of("htpasswd", "token", "none").contains(name)) {
                throw new IllegalArgumentException("unable to configure authorization (" + name
                        + "): no access controller registered with name: " + name);
            }
        }
        if (auth.has("htpasswd")) {
            return htpasswd(auth.node("htpasswd"));
        }
        return auth.has("token") ? token(auth.node("token")) : new None();
    }

    private static AuthSettings htpasswd(ConfigNode node) {
        node.only(List.of("realm", "path"));
        if (node.text("path", "").isEmpty()) {
            throw new IllegalArgumentException(
                    "unable to configure authorization (htpasswd): \"path\" must be set for htpasswd access controller");
        }
        return new Htpasswd(node.text("realm", "Registry Realm"), Path.of(node.text("path", "")));
    }

    private static AuthSettings token(ConfigNode node) {
        node.only(List.of("realm", "service", "issuer", "rootcertbundle", "jwks", "signingalgorithms"));
        for (var key : List.of("realm", "issuer", "service")) {
            if (node.text(key, "").isEmpty()) {
                throw new IllegalArgumentException("unable to configure authorization (token): token auth requires a"
                        + " valid option string: \"" + key + "\"");
            }
        }
        var certificates = node.text("rootcertbundle", "");
        var keys = node.text("jwks", "");
        if (certificates.isEmpty() && keys.isEmpty()) {
            throw new IllegalArgumentException("unable to configure authorization (token): token auth requires"
                    + " \"rootcertbundle\" or \"jwks\"");
        }
        return new Token(
                node.text("realm", ""),
                node.text("service", ""),
                node.text("issuer", ""),
                certificates.isEmpty() ? null : Path.of(certificates),
                keys.isEmpty() ? null : Path.of(keys),
                node.texts("signingalgorithms"));
    }
}
