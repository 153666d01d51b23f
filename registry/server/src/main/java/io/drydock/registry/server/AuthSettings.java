package io.drydock.registry.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /**
     * Those whom this registry gives a token itself.
     *
     * @param realm address where tokens are signed; empty for this registry's as the sender knows it
     * @param service this registry's name in tokens
     * @param issuer in tokens
     * @param users an htpasswd file; null for none
     * @param key a JWK file of the key that signs, made if it is missing
     * @param lifetime of a token
     * @param rules who may do what
     * @param provider whose tokens are taken for a password
     */
    record Server(
            String realm,
            String service,
            String issuer,
            @Nullable Path users,
            Path key,
            Duration lifetime,
            AccessRules rules,
            Optional<Provider> provider)
            implements AuthSettings {}

    /**
     * An OpenID provider.
     *
     * @param issuer who must have issued an identity token
     * @param audience for whom
     * @param keys a JWKS file of the provider's keys; null to ask the issuer for them
     * @param claim that holds the user's name
     */
    record Provider(
            String issuer, String audience, @Nullable Path keys, String claim) {
        /** How its tokens are checked. */
        Token asToken() {
            return new Token("", audience, issuer, null, keys, List.of());
        }
    }

    static AuthSettings of(ConfigNode auth) {
        if (auth.names().size() > 1 && !auth.has("none")) {
            throw new IllegalArgumentException(
                    "error parsing configuration: must provide exactly one auth type. Provided: " + auth.names());
        }
        for (var name : auth.names()) {
            if (!List.of("htpasswd", "token", "server", "none").contains(name)) {
                throw new IllegalArgumentException("unable to configure authorization (" + name
                        + "): no access controller registered with name: " + name);
            }
        }
        if (auth.has("htpasswd")) {
            return htpasswd(auth.node("htpasswd"));
        }
        if (auth.has("server")) {
            return server(auth.node("server"));
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

    private static AuthSettings server(ConfigNode node) {
        node.only(List.of("realm", "service", "issuer", "htpasswd", "key", "lifetime", "rules", "oidc"));
        var users = node.text("htpasswd", "");
        var provider = provider(node.node("oidc"));
        if (users.isEmpty() && provider.isEmpty()) {
            throw new IllegalArgumentException(
                    "unable to configure authorization (server): it requires \"htpasswd\" or \"oidc\"");
        }
        var lifetime = node.duration("lifetime", Duration.ofMinutes(5));
        if (lifetime.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("configuration: auth.server.lifetime must be 1m at least");
        }
        return new Server(
                node.text("realm", ""),
                node.text("service", "registry"),
                node.text("issuer", "registry"),
                users.isEmpty() ? null : Path.of(users),
                Path.of(required(node, "key")),
                lifetime,
                AccessRules.of(node.nodes("rules")),
                provider);
    }

    private static Optional<Provider> provider(ConfigNode node) {
        node.only(List.of("issuer", "audience", "jwks", "claim"));
        var keys = node.text("jwks", "");
        return node.names().isEmpty()
                ? Optional.empty()
                : Optional.of(new Provider(
                        required(node, "issuer"),
                        required(node, "audience"),
                        keys.isEmpty() ? null : Path.of(keys),
                        node.text("claim", "sub")));
    }

    private static String required(ConfigNode node, String name) {
        if (node.text(name, "").isEmpty()) {
            throw new IllegalArgumentException("configuration: " + node.path() + name + " must be set");
        }
        return node.text(name, "");
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
