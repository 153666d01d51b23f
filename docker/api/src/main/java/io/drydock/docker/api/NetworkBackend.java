package io.drydock.docker.api;

import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.Network;
import java.util.List;

/** What the network endpoints need. */
public interface NetworkBackend {
    List<Network> list(Filters filters);

    Network inspect(String network);
}
