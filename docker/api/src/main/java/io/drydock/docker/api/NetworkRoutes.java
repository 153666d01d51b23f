package io.drydock.docker.api;

import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Network;
import io.drydock.spec.engine.NetworkConnectRequest;
import io.drydock.spec.engine.NetworkCreateRequest;
import io.drydock.spec.engine.NetworkDisconnectRequest;
import java.io.IOException;

/** The network endpoints. */
public final class NetworkRoutes implements Routes {
    private final NetworkBackend backend;

    public NetworkRoutes(NetworkBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/networks", this::list)
                .on("GET", "/networks/", this::list)
                .on("GET", "/networks/{id}", NetworkRoutes.this::inspect)
                .on(
                        "POST",
                        "/networks/create",
                        call -> call.json(201, backend.create(call.body(NetworkCreateRequest.class))))
                .on("POST", "/networks/prune", call -> call.json(backend.prune(call.filters())))
                .on("POST", "/networks/{id}/connect", call -> {
                    backend.connect(call.path("id"), call.body(NetworkConnectRequest.class));
                    call.status(200);
                })
                .on("POST", "/networks/{id}/disconnect", call -> {
                    backend.disconnect(call.path("id"), call.body(NetworkDisconnectRequest.class));
                    call.status(200);
                })
                .on("DELETE", "/networks/{id}", call -> {
                    backend.remove(call.path("id"));
                    call.status(204);
                });
    }

    /** Since 1.52 a list does not tell which containers belong to a network. */
    private void list(Call call) throws IOException {
        var networks = backend.list(call.filters());
        if (call.version().since(52)) {
            call.json(networks.stream().map(NetworkRoutes::summary).toList());
        } else {
            call.list(Network.class, networks);
        }
    }

    private static Object summary(Network network) {
        var members = JsonShape.members(Jsonb.instance().toJson(network));
        members.remove("Containers");
        return members;
    }

    /** All networks are local: who asks for those of a swarm finds none. */
    private void inspect(Call call) throws IOException {
        var network = backend.inspect(call.path("id"));
        var scope = call.query("scope");
        if (!scope.isEmpty() && !scope.equals(network.scope())) {
            throw EngineException.notFound("network " + call.path("id") + " not found");
        }
        call.json(network);
    }
}
