package io.drydock.docker.api;

import io.drydock.spec.engine.EngineException;
import java.util.List;
import java.util.Map;

/** Endpoints of the original that this engine does not have yet: 501 and a sentence each. */
public final class UnbuiltRoutes implements Routes {

    @Override
    public void register(Pages pages) {
        refuse(
                pages,
                "swarm mode",
                "/swarm",
                "/swarm/{rest:.*}",
                "/nodes",
                "/nodes/{rest:.*}",
                "/services",
                "/services/{rest:.*}",
                "/tasks",
                "/tasks/{rest:.*}",
                "/secrets",
                "/secrets/{rest:.*}",
                "/configs",
                "/configs/{rest:.*}");
        // without plugins none can be found, and that is what `docker inspect NAME` asks before it gives up
        pages.on("GET", "/plugins/{name}/json", call -> {
            throw EngineException.notFound("plugin \"" + call.path("name") + "\" not found");
        });
        refuse(pages, "plugins", "/plugins", "/plugins/{rest:.*}");
        // nothing is built, so there is no cache to be freed: `docker system prune` asks for it in any case
        pages.on("POST", "/build/prune", call -> call.json(Map.of("CachesDeleted", List.of(), "SpaceReclaimed", 0)));
        refuse(pages, "building images", "/build", "/build/{rest:.*}", "/session", "/grpc");
        refuse(pages, "image attestations", "/images/{name:.*}/attestations");
        refuse(
                pages,
                "checkpoints",
                "/containers/{name:.*}/checkpoints",
                "/containers/{name:.*}/checkpoints/{rest:.*}");
        refuse(pages, "attaching by websocket", "/containers/{name:.*}/attach/ws");
        refuse(pages, "updating a volume", "/volumes/{name:.*}");
    }

    private static void refuse(Pages pages, String what, String... paths) {
        Call.Handler refusal = call -> {
            throw EngineException.notImplemented(what + " is not built into this engine yet");
        };
        for (String path : paths) {
            for (String method : what.startsWith("updating") ? new String[] {"PUT"} : METHODS) {
                pages.on(method, path, refusal);
            }
        }
    }

    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE"};
}
