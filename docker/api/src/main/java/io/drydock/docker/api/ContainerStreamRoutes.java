package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerStats;
import io.drydock.spec.engine.ContainerWaitResponse;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.LogMessage;
import io.drydock.spec.engine.LogQuery;
import io.drydock.spec.engine.PathStat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The container endpoints whose answers take their time: wait, attach, logs, stats, and archives. */
public final class ContainerStreamRoutes implements Routes {
    private static final JsonType<ContainerStats> STATS = Jsonb.instance().type(ContainerStats.class);

    private final ContainerBackend backend;

    public ContainerStreamRoutes(ContainerBackend backend) {
        this.backend = backend;
    }

    @Override
    public void register(Pages pages) {
        pages.on("POST", "/containers/{name:.*}/wait", this::waitFor)
                .on("POST", "/containers/{name:.*}/attach", this::attach)
                .on("GET", "/containers/{name:.*}/logs", this::logs)
                .on("GET", "/containers/{name:.*}/stats", this::stats)
                .on("GET", "/containers/{name:.*}/export", this::export)
                .on("HEAD", "/containers/{name:.*}/archive", this::statArchive)
                .on("GET", "/containers/{name:.*}/archive", this::readArchive)
                .on("PUT", "/containers/{name:.*}/archive", this::writeArchive);
    }

    private void waitFor(Call call) throws IOException, InterruptedException {
        var waiting = backend.await(call.path("name"), call.query("condition"));
        var response = call.exchange().response().header("Content-Type", "application/json");
        try (var gone = call.exchange().interruptOnDisconnect();
                OutputStream out = response.stream()) {
            if (call.version().since(30)) {
                out.flush();
            }
            ContainerWaitResponse ended = waiting.await();
            out.write(Jsonb.instance().toJsonBytes(ended));
            out.write('\n');
        }
    }

    private void attach(Call call) throws IOException, InterruptedException {
        var options = new ContainerBackend.AttachOptions(
                call.flag("logs"),
                call.flag("stream"),
                call.flag("stdin"),
                call.flag("stdout"),
                call.flag("stderr"),
                call.query("detachKeys"));
        Hijack.run(call, backend.attach(call.path("name"), options));
    }

    private void logs(Call call) throws IOException, InterruptedException {
        boolean stdout = call.flag("stdout");
        boolean stderr = call.flag("stderr");
        if (!stdout && !stderr) {
            throw EngineException.invalid("Bad parameters: you must choose at least one stream");
        }
        var now = Instant.now();
        var query = new LogQuery(
                stdout,
                stderr,
                call.flag("follow"),
                Timestamps.parse("since", call.query("since"), now),
                Timestamps.parse("until", call.query("until"), now),
                tail(call.query("tail")));
        var source = backend.logs(call.path("name"), query);
        String type = source.terminal() || !call.version().since(42)
                ? "application/vnd.docker.raw-stream"
                : "application/vnd.docker.multiplexed-stream";
        boolean timestamps = call.flag("timestamps");
        boolean details = call.flag("details");
        try (var gone = call.exchange().interruptOnDisconnect();
                OutputStream out = call.exchange().response().header("Content-Type", type).stream()) {
            out.flush();
            var copy = new StdCopy(out, source.terminal());
            source.run(message -> {
                byte[] line = decorate(message, timestamps, details);
                copy.write(message.stream(), line, line.length);
                if (query.follow()) {
                    out.flush();
                }
            });
        }
    }

    private static int tail(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(Character::isDigit)) {
            return -1;
        }
        return Integer.parseInt(text);
    }

    private static byte[] decorate(LogMessage message, boolean timestamps, boolean details) {
        if (!timestamps && !details) {
            return message.line();
        }
        var prefix = new StringBuilder();
        if (timestamps) {
            String second =
                    Instant.ofEpochSecond(message.time().getEpochSecond()).toString();
            String nanos =
                    Integer.toString(1_000_000_000 + message.time().getNano()).substring(1);
            prefix.append(second, 0, second.length() - 1)
                    .append('.')
                    .append(nanos)
                    .append("Z ");
        }
        if (details) {
            prefix.append(new TreeMap<>(message.attributes())
                            .entrySet().stream()
                                    .map(e -> escape(e.getKey()) + "=" + escape(e.getValue()))
                                    .collect(Collectors.joining(",")))
                    .append(' ');
        }
        byte[] before = prefix.toString().getBytes(StandardCharsets.UTF_8);
        byte[] line = java.util.Arrays.copyOf(before, before.length + message.line().length);
        System.arraycopy(message.line(), 0, line, before.length, message.line().length);
        return line;
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void stats(Call call) throws IOException, InterruptedException {
        boolean stream = call.flag("stream", true);
        boolean oneShot = call.flag("one-shot");
        if (oneShot && stream) {
            throw EngineException.invalid("cannot have stream=true and one-shot=true");
        }
        String container = backend.inspect(call.path("name"), false).id();
        var response = call.exchange().response().header("Content-Type", "application/json");
        try (var gone = call.exchange().interruptOnDisconnect();
                OutputStream out = response.stream()) {
            if (stream) {
                out.flush();
            }
            backend.stats(container, stream, oneShot, sample -> {
                out.write(STATS.toJsonBytes(sample));
                out.write('\n');
                out.flush();
            });
        }
    }

    private void export(Call call) throws IOException {
        String container = backend.inspect(call.path("name"), false).id();
        try (OutputStream out = new BufferedOutputStream(
                call.exchange().response().header("Content-Type", "application/octet-stream").stream(), 64 * 1024)) {
            backend.export(container, out);
        }
    }

    private static String encoded(PathStat stat) {
        return Base64.getEncoder().encodeToString(Jsonb.instance().toJsonBytes(stat));
    }

    private static String archivePath(Call call) {
        String path = call.query("path");
        if (path.isEmpty()) {
            throw EngineException.invalid("bad parameter: path cannot be empty");
        }
        return path;
    }

    private void statArchive(Call call) throws IOException {
        var stat = backend.statPath(call.path("name"), archivePath(call));
        call.exchange().response().header("X-Docker-Container-Path-Stat", encoded(stat));
        call.status(200);
    }

    private void readArchive(Call call) throws IOException {
        backend.readArchive(
                call.path("name"),
                archivePath(call),
                stat -> call
                        .exchange()
                        .response()
                        .header("X-Docker-Container-Path-Stat", encoded(stat))
                        .header("Content-Type", "application/x-tar")
                        .stream());
    }

    private void writeArchive(Call call) throws IOException {
        backend.writeArchive(
                call.path("name"),
                archivePath(call),
                call.flag("noOverwriteDirNonDir"),
                call.flag("copyUIDGID"),
                call.exchange().request().body());
        call.status(200);
    }
}
