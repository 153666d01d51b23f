package io.drydock.docker.engine.network;

/** Where a network's IPv4 addresses for containers come from. Safe for several threads. */
interface Addresses {

    /** Takes any free address. */
    int allocate() throws NetworkException;

    /** Takes this address. */
    void allocate(int address) throws NetworkException;

    /** Takes an address that is known to be in use. */
    void reserve(int address);

    /** Gives an address back. */
    void release(int address);
}
