package io.drydock.image.remote;

/** How a client proves who it is to a registry. */
public sealed interface Credentials {
    /** Nobody in particular. */
    Credentials ANONYMOUS = new Anonymous();

    /** No proof: public repositories only. */
    record Anonymous() implements Credentials {}

    /** A name and a password, for Basic authorization and for token servers. */
    record UserPassword(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "UserPassword[" + user + "]";
        }
    }

    /** A refresh token, which a token server trades for access tokens. */
    record IdentityToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "IdentityToken[]";
        }
    }

    /** An access token that is sent as it is. */
    record RegistryToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "RegistryToken[]";
        }
    }
}
