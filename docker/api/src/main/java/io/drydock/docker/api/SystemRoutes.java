package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.EventMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ping, version, info, events, auth and disk usage. */
public final class SystemRoutes implements Routes {
    private static final JsonType<EventMessage> EVENT = Jsonb.instance().type(EventMessage.class);

    private final SystemBackend backend;
    private final EventBus events;

    public SystemRoutes(SystemBackend backend, EventBus events) {
        this.backend = backend;
        this.events = events;
    }

    @Override
    public void register(Pages pages) {
        pages.on("GET", "/_ping", SystemRoutes::ping)
                .on("HEAD", "/_ping", SystemRoutes::ping)
                .on("GET", "/version", call -> call.json(backend.version()))
                .on("GET", "/info", call -> call.object(InfoShape.of(backend.info(), call.version())))
                .on("GET", "/system/df", this::diskUsage)
                .on("POST", "/auth", call -> call.json(backend.auth(call.body(AuthConfig.class))))
                .on("GET", "/events", this::events);
    }

    private void diskUsage(Call call) throws IOException {
        var types = call.version().since(42) ? call.exchange().request().query().all("type") : List.<String>of();
        call.object(DiskUsageShape.of(backend.diskUsage(), types, call.flag("verbose"), call.version()));
    }

    private static void ping(Call call) throws IOException {
        var response = call.exchange().response();
        response.header("Builder-Version", "1")
                .header("Swarm", "inactive")
                .header("Cache-Control", "no-cache, no-store, must-revalidate")
                .header("Pragma", "no-cache")
                .header("Content-Type", "text/plain; charset=utf-8");
        if (call.exchange().request().isHead()) {
            response.header("Content-Length", "0").send(new byte[0]);
        } else {
            response.send("OK".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void events(Call call) throws IOException, InterruptedException {
        var filter = new EventFilter(call.filters());
        var now = Instant.now();
        var since = Timestamps.parse("since", call.query("since"), now);
        var until = Timestamps.parse("until", call.query("until"), now);
        var response = call.exchange().response();
        response.header("Content-Type", call.version().since(52) ? "application/jsonl" : "application/json");
        try (var gone = call.exchange().interruptOnDisconnect();
                var subscription = events.subscribe(since);
                OutputStream out = response.stream()) {
            out.flush();
            if (since != null) {
                subscription.replay(event -> {
                    if (!time(event).isBefore(since)
                            && (until == null || !time(event).isAfter(until))) {
                        send(out, event, filter, call.version());
                    }
                });
            }
            forward(out, subscription, filter, until, call.version());
        }
    }

    private static void forward(
            OutputStream out,
            EventBus.Subscription subscription,
            EventFilter filter,
            @Nullable Instant until,
            ApiVersion version)
            throws IOException, InterruptedException {
        while (true) {
            long left = until == null
                    ? Long.MAX_VALUE
                    : Duration.between(Instant.now(), until).toNanos();
            var event = left <= 0 ? null : subscription.next(left);
            if (event != null) {
                send(out, event, filter, version);
            } else if (until != null) {
                return;
            }
        }
    }

    private static Instant time(EventMessage event) {
        return Instant.ofEpochSecond(event.time(), event.timeNano() % 1_000_000_000L);
    }

    private static void send(OutputStream out, EventMessage event, EventFilter filter, ApiVersion version)
            throws IOException {
        if (!filter.accepts(event)
                || !version.since(46)
                        && event.type().equals("image")
                        && event.action().equals("create")) {
            return;
        }
        out.write(EVENT.toJsonBytes(version.since(52) ? event : legacy(event)));
        out.write('\n');
        out.flush();
    }

    /** Clients before 1.52 find the type's older fields, too. */
    private static EventMessage legacy(EventMessage event) {
        var actor = event.actor();
        if (actor == null || !event.type().equals("container") && !event.type().equals("image")) {
            return event;
        }
        String from = event.type().equals("container") ? actor.attributes().get("image") : null;
        return new EventMessage(
                event.action(),
                actor.id(),
                from,
                event.type(),
                event.action(),
                actor,
                event.scope(),
                event.time(),
                event.timeNano());
    }
}
