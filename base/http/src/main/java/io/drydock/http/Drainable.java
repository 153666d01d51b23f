package io.drydock.http;

/** A connection of a server that is going to stop. */
interface Drainable {
    /** Ends the connection when nothing is under way any more. */
    void drain();

    /** Interrupts handlers and cuts the connection. */
    void abort();
}
