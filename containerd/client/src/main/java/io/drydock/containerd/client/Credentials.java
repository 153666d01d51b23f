package io.drydock.containerd.client;

/** Knows who we are to a registry. */
@FunctionalInterface
public interface Credentials {
    /** Answers for a host; called on a virtual thread of its own while a transfer runs. */
    Answer forHost(String host, String reference);

    /** What to tell the registry. */
    sealed interface Answer {
        /** Nothing. */
        record Anonymous() implements Answer {}

        /** A name and a password. */
        record Password(String user, String password) implements Answer {}

        /** An identity token. */
        record RefreshToken(String token) implements Answer {}
    }
}
