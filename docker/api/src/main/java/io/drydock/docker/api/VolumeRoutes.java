package io.drydock.docker.api;

import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.VolumeCreateRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** The volume endpoints. */
public final class VolumeRoutes implements Routes {
    private final VolumeBackend backend;

    public VolumeRoutes(VolumeBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/volumes", call -> VolumeShape.send(call, backend.list(call.filters())))
                .on(
                        "POST",
                        "/volumes/create",
                        call -> VolumeShape.send(call, 201, backend.create(call.body(VolumeCreateRequest.class))))
                .on("POST", "/volumes/prune", call -> call.json(backend.prune(pruned(call))))
                .on(
                        "GET",
                        "/volumes/{name:.*}",
                        call -> VolumeShape.send(call, 200, backend.inspect(call.path("name"))))
                .on("DELETE", "/volumes/{name:.*}", this::remove);
    }

    /** Before 1.42, volumes with a name were pruned as those without. */
    private static Filters pruned(Call call) {
        var filters = call.filters();
        if (call.version().since(42)) {
            return filters;
        }
        var all = new LinkedHashMap<>(filters.allow(Set.of("label", "label!")).values());
        all.put("all", List.of("true"));
        return new Filters(all);
    }

    private void remove(Call call) throws IOException {
        backend.remove(call.path("name"), call.flag("force"));
        call.status(204);
    }
}
