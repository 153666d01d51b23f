package io.drydock.docker.api;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Network;

/** The network endpoints: the predefined networks can be looked at. */
public final class NetworkRoutes implements Routes {
    private final NetworkBackend backend;

    public NetworkRoutes(NetworkBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/networks", call -> call.list(Network.class, backend.list(call.filters())))
                .on("GET", "/networks/", call -> call.list(Network.class, backend.list(call.filters())))
                .on("GET", "/networks/{id}", call -> call.json(backend.inspect(call.path("id"))));
        Call.Handler notBuilt = call -> {
            throw EngineException.notImplemented("user-defined networks are not built into this engine yet");
        };
        pages.on("POST", "/networks/create", notBuilt)
                .on("POST", "/networks/prune", notBuilt)
                .on("POST", "/networks/{id}/connect", notBuilt)
                .on("POST", "/networks/{id}/disconnect", notBuilt)
                .on("DELETE", "/networks/{id}", notBuilt);
    }
}
