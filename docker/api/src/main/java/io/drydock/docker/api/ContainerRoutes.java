package io.drydock.docker.api;

import io.drydock.spec.engine.ContainerCreateRequest;
import io.drydock.spec.engine.ContainerSummary;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.Mount;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The container endpoints that ask once and are answered once; {@link ContainerStreamRoutes} has the others. */
public final class ContainerRoutes implements Routes {
    private static final int EMPTY_BODY = 7;

    private final ContainerBackend backend;

    public ContainerRoutes(ContainerBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("POST", "/containers/create", this::create)
                .on("GET", "/containers/json", this::list)
                .on("POST", "/containers/prune", call -> call.json(backend.prune(call.filters())))
                .on("GET", "/containers/{name:.*}/json", this::inspect)
                .on("GET", "/containers/{name:.*}/top", this::top)
                .on("GET", "/containers/{name:.*}/changes", this::changes)
                .on("POST", "/containers/{name:.*}/start", this::start)
                .on("POST", "/containers/{name:.*}/stop", this::stop)
                .on("POST", "/containers/{name:.*}/restart", this::restart)
                .on("POST", "/containers/{name:.*}/kill", this::kill)
                .on("POST", "/containers/{name:.*}/pause", this::pause)
                .on("POST", "/containers/{name:.*}/unpause", this::unpause)
                .on("POST", "/containers/{name:.*}/rename", this::rename)
                .on("POST", "/containers/{name:.*}/update", this::update)
                .on("POST", "/containers/{name:.*}/resize", this::resize)
                .on("DELETE", "/containers/{name:.*}", this::remove);
    }

    private void create(Call call) throws IOException {
        var request = call.bodyOrNull(ContainerCreateRequest.class);
        if (request == null) {
            throw EngineException.invalid("config cannot be empty in order to create a container");
        }
        var networks = request.networkingConfig();
        if (networks != null
                && networks.endpointsConfig().size() > 1
                && !call.version().since(44)) {
            throw EngineException.invalid("Container cannot be connected to network endpoints: "
                    + String.join(", ", networks.endpointsConfig().keySet()));
        }
        checkMounts(call, request);
        boolean olderReadOnly = !call.version().since(44);
        call.json(201, backend.create(call.query("name"), call.query("platform"), olderReadOnly, request));
    }

    private static void checkMounts(Call call, ContainerCreateRequest request) {
        var mounts = request.hostConfig() == null
                ? List.<Mount>of()
                : request.hostConfig().mounts();
        for (Mount mount : mounts) {
            var bind = mount.bindOptions();
            var volume = mount.volumeOptions();
            since(call, 44, bind != null && bind.readOnlyForceRecursive(), "BindOptions.ReadOnlyForceRecursive");
            since(call, 45, volume != null && !volume.subpath().isEmpty(), "VolumeOptions.Subpath");
            since(call, 48, mount.type().equals("image"), "Mount type \"Image\"");
        }
    }

    private static void since(Call call, int minor, boolean used, String what) {
        if (used && !call.version().since(minor)) {
            throw EngineException.invalid(what + " needs API v1." + minor + " or newer");
        }
    }

    private void list(Call call) throws IOException {
        var containers = backend.list(call.flag("all"), call.number("limit", 0), call.flag("size"), call.filters());
        boolean health = call.version().since(52);
        call.list(
                ContainerSummary.class,
                health
                        ? containers
                        : containers.stream()
                                .map(ContainerSummary::withoutHealth)
                                .toList());
    }

    private void inspect(Call call) throws IOException {
        var container = backend.inspect(call.path("name"), call.flag("size"));
        call.exchange().response().status(200).send("application/json", InspectShape.json(container, call.version()));
    }

    private void top(Call call) throws IOException {
        call.json(backend.top(call.path("name"), call.has("ps_args") ? call.query("ps_args") : "-ef"));
    }

    private void changes(Call call) throws IOException {
        call.list(FilesystemChange.class, backend.changes(call.path("name")));
    }

    private void start(Call call) throws IOException {
        if (call.exchange().request().contentLength() > EMPTY_BODY) {
            throw EngineException.invalid(
                    "starting container with non-empty request body was deprecated since API v1.22 "
                            + "and removed in v1.24");
        }
        backend.start(call.path("name"));
        call.status(204);
    }

    private static @Nullable Integer seconds(Call call) {
        return call.query("t").isEmpty() ? null : (Integer) call.number("t", 0);
    }

    private void stop(Call call) throws IOException {
        backend.stop(call.path("name"), call.query("signal"), seconds(call));
        call.status(204);
    }

    private void restart(Call call) throws IOException {
        backend.restart(call.path("name"), call.query("signal"), seconds(call));
        call.status(204);
    }

    private void kill(Call call) throws IOException {
        backend.kill(call.path("name"), call.query("signal"));
        call.status(204);
    }

    private void pause(Call call) throws IOException {
        backend.pause(call.path("name"));
        call.status(204);
    }

    private void unpause(Call call) throws IOException {
        backend.unpause(call.path("name"));
        call.status(204);
    }

    private void rename(Call call) throws IOException {
        backend.rename(call.path("name"), call.query("name"));
        call.status(204);
    }

    @SuppressWarnings("unchecked")
    private void update(Call call) throws IOException {
        if (!(call.body(Object.class) instanceof Map<?, ?> changes)) {
            throw EngineException.invalid("invalid JSON: not an object");
        }
        call.json(backend.update(call.path("name"), (Map<String, Object>) changes));
    }

    private void resize(Call call) throws IOException {
        backend.resize(call.path("name"), size(call, "h"), size(call, "w"));
        call.status(200);
    }

    static int size(Call call, String name) {
        int size = call.number(name, -1);
        if (size < 0) {
            throw EngineException.invalid("invalid resize " + (name.equals("h") ? "height" : "width") + " \""
                    + call.query(name) + "\": invalid syntax");
        }
        return size;
    }

    private void remove(Call call) throws IOException {
        backend.remove(call.path("name"), call.flag("v"), call.flag("force"), call.flag("link"));
        call.status(204);
    }
}
