package io.drydock.docker.api;

import io.drydock.spec.engine.VolumeCreateRequest;
import java.io.IOException;

/** The volume endpoints. */
public final class VolumeRoutes implements Routes {
    private final VolumeBackend backend;

    public VolumeRoutes(VolumeBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/volumes", call -> call.json(backend.list(call.filters())))
                .on(
                        "POST",
                        "/volumes/create",
                        call -> call.json(201, backend.create(call.body(VolumeCreateRequest.class))))
                .on("POST", "/volumes/prune", call -> call.json(backend.prune(call.filters())))
                .on("GET", "/volumes/{name:.*}", call -> call.json(backend.inspect(call.path("name"))))
                .on("DELETE", "/volumes/{name:.*}", this::remove);
    }

    private void remove(Call call) throws IOException {
        backend.remove(call.path("name"), call.flag("force"));
        call.status(204);
    }
}
