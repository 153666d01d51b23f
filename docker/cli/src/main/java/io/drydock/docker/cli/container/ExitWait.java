package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Waits for a container's end on its own connection, from before it starts, so that no end is missed. */
final class ExitWait {
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** {@code condition} is {@code next-exit} or {@code removed}. Returns when the engine knows that we wait. */
    ExitWait(Cli cli, String container, String condition) {
        var registered = new CompletableFuture<Void>();
        Attachment.start("wait", () -> {
            try (Answer answer = cli.engine()
                    .send(Request.post(Api.container(container) + "/wait").query("condition", condition))) {
                registered.complete(null);
                Map<String, Object> body = Json.map(answer.json());
                String error = Json.text(body, "Error", "Message");
                if (!error.isEmpty()) {
                    cli.error("error waiting for container: " + error);
                    status.complete(125);
                } else {
                    status.complete((int) Json.number(body, "StatusCode"));
                }
            } catch (IOException | RuntimeException e) {
                registered.complete(null);
                cli.error("error waiting for container: " + e.getMessage());
                status.complete(125);
            }
        });
        registered.join();
    }

    /** The exit code; 125 if it cannot be known. */
    int join() {
        return status.join();
    }
}
