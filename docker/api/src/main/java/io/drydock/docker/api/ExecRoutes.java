package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ExecCreateRequest;
import io.drydock.spec.engine.ExecInspect;
import io.drydock.spec.engine.ExecStartRequest;
import io.drydock.spec.engine.IdResponse;
import java.io.IOException;

/** The exec endpoints. */
public final class ExecRoutes implements Routes {
    private static final JsonType<ExecInspect> RECORD = Jsonb.instance().type(ExecInspect.class);

    private final ExecBackend backend;

    public ExecRoutes(ExecBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("POST", "/containers/{name:.*}/exec", this::create)
                .on("POST", "/exec/{id:.*}/start", this::start)
                .on("POST", "/exec/{id:.*}/resize", this::resize)
                .on("GET", "/exec/{id:.*}/json", this::inspect);
    }

    /** One that has not ended yet has null for an exit code. */
    private void inspect(Call call) throws IOException {
        var exec = JsonShape.members(RECORD.toJson(backend.inspect(call.path("id"))));
        exec.putIfAbsent("ExitCode", null);
        call.exchange().response().status(200).send("application/json", JsonShape.line(exec));
    }

    private void create(Call call) throws IOException {
        String id = backend.create(call.path("name"), call.body(ExecCreateRequest.class));
        call.json(201, new IdResponse(id));
    }

    private void start(Call call) throws IOException, InterruptedException {
        var body = call.bodyOrNull(ExecStartRequest.class);
        var request = body == null ? new ExecStartRequest(false, false, null) : body;
        if (request.detach()) {
            backend.startDetached(call.path("id"));
            call.status(200);
        } else {
            Hijack.run(call, backend.start(call.path("id"), request));
        }
    }

    private void resize(Call call) throws IOException, InterruptedException {
        backend.resize(call.path("id"), ContainerRoutes.size(call, "h"), ContainerRoutes.size(call, "w"));
        call.status(200);
    }
}
