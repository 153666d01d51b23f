package io.drydock.docker.api;

import io.drydock.http.Headers;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns a request into a raw connection for a process's streams. */
final class Hijack {
    private Hijack() {}

    static void run(Call call, ContainerBackend.Attachment attachment) throws IOException, InterruptedException {
        var request = call.exchange().request();
        boolean upgrade = request.headers().hasToken("Connection", "Upgrade");
        String type = !attachment.terminal() && call.version().since(42) && upgrade
                ? "application/vnd.docker.multiplexed-stream"
                : "application/vnd.docker.raw-stream";
        var headers = new Headers();
        if (upgrade) {
            headers.set("Content-Type", type).set("Connection", "Upgrade").set("Upgrade", "tcp");
        } else {
            headers.set("Content-Type", type);
        }
        call.exchange().response().headers().forEach((name, value) -> {
            if (!headers.has(name)) {
                headers.set(name, value);
            }
        });
        var raw = call.exchange().upgrade(upgrade ? 101 : 200, upgrade ? "UPGRADED" : "OK", headers);
        var copy = new StdCopy(raw.output(), attachment.terminal());
        try {
            // a client takes the exit status for the end of the output: nothing may be on its way when it is told
            attachment.run(raw.input(), (stream, bytes, length) -> {
                copy.write(stream, bytes, length);
                raw.output().flush();
            });
        } catch (EngineException e) {
            byte[] text = (e.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
            copy.write(1, text, text.length);
        }
    }
}
