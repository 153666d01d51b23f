package io.drydock.docker.engine.network;

import java.util.List;

/** Where networks outlive the daemon and the machine's restart. A change is safe when the method returns. */
public interface NetworkStore {

    /** All networks, the predefined ones too. */
    List<Network> networks();

    /** Stores a network, in place of an older one of its id. */
    void put(Network network);

    /** Forgets a network; nothing happens if there is none of that id. */
    void removeNetwork(String id);
}
