package io.drydock.http;

/** What carries an exchange: a connection, or a stream of one. */
interface Link {
    /** Runs an action on a thread of its own when the client goes away. */
    Exchange.Registration onInputEnd(Runnable action);

    /**
     * The connection, to be taken over.
     *
     * @throws HttpException when others use it, too
     */
    Wire wire();

    /** Whether the client can still be told something. */
    boolean isActive();
}
