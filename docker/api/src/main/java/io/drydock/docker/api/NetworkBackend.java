package io.drydock.docker.api;

import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.Network;
import io.drydock.spec.engine.NetworkConnectRequest;
import io.drydock.spec.engine.NetworkCreateRequest;
import io.drydock.spec.engine.NetworkCreateResponse;
import io.drydock.spec.engine.NetworkDisconnectRequest;
import io.drydock.spec.engine.PruneNetworksResponse;
import java.util.List;

/** What the network endpoints need. */
public interface NetworkBackend {
    List<Network> list(Filters filters);

    Network inspect(String network);

    NetworkCreateResponse create(NetworkCreateRequest request);

    void remove(String network);

    void connect(String network, NetworkConnectRequest request);

    void disconnect(String network, NetworkDisconnectRequest request);

    PruneNetworksResponse prune(Filters filters);
}
