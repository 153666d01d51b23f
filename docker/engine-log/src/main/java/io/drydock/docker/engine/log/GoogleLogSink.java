package io.drydock.docker.engine.log;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes lines as entries of Google Cloud Logging, {@code entries:write} of its version 2. */
final class GoogleLogSink implements LogSink {
    static final URI SERVICE = URI.create("https://logging.googleapis.com");

    private static final Jsonb JSON = Jsonb.instance();
    /** The client library's: a thousand entries or a second. */
    private static final int BATCH = 1000;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MOST_BYTES = 4 << 20;

    private final URI entries;
    private final HttpReceiver http;
    private final GoogleCloud cloud;
    private final String project;
    private final Map<String, Object> resource;
    private final Map<String, Object> payload;
    private final List<Map<String, Object>> batch = new ArrayList<>();
    private int batchBytes;

    private GoogleLogSink(
            URI service,
            HttpReceiver http,
            GoogleCloud cloud,
            String project,
            Map<String, Object> instance,
            Map<String, Object> container) {
        this.entries = service.resolve("/v2/entries:write");
        this.http = http;
        this.cloud = cloud;
        this.project = project;
        this.payload = new LinkedHashMap<>();
        if (instance.isEmpty()) {
            this.resource = Map.of("type", "global", "labels", Map.of("project_id", project));
        } else {
            var labels =
                    Map.of("instance_id", instance.getOrDefault("id", ""), "zone", instance.getOrDefault("zone", ""));
            this.resource = Map.of("type", "gce_instance", "labels", labels);
            payload.put("instance", instance);
        }
        payload.put("container", container);
    }

    static GoogleLogSink open(LogInfo info, Map<String, String> environment, URI service) throws IOException {
        var http = new HttpReceiver(null);
        try {
            var cloud = new GoogleCloud(environment, http);
            String project = info.option("gcp-project", cloud.value("project/project-id"));
            if (project.isEmpty()) {
                throw new IOException("No project was specified and couldn't read project from the metadata server."
                        + " Please specify a project");
            }
            var sink = new GoogleLogSink(service, http, cloud, project, instance(info, cloud), container(info));
            sink.ping();
            return sink;
        } catch (IOException e) {
            http.close();
            throw e;
        }
    }

    private static Map<String, Object> instance(LogInfo info, GoogleCloud cloud) {
        var instance = new LinkedHashMap<String, Object>();
        if (cloud.isHere()) {
            String zone = cloud.value("instance/zone");
            put(instance, "zone", zone.substring(zone.lastIndexOf('/') + 1));
            put(instance, "name", cloud.value("instance/name"));
            put(instance, "id", cloud.value("instance/id"));
        } else {
            put(instance, "zone", info.option("gcp-meta-zone", ""));
            put(instance, "name", info.option("gcp-meta-name", ""));
            put(instance, "id", info.option("gcp-meta-id", ""));
        }
        return instance;
    }

    private static Map<String, Object> container(LogInfo info) {
        var container = new LinkedHashMap<String, Object>();
        put(container, "name", "/" + info.name());
        put(container, "id", info.id());
        put(container, "imageName", info.imageName());
        put(container, "imageId", info.imageId());
        put(container, "created", info.created().toString());
        if (info.option("gcp-log-cmd", "").equals("true")) {
            put(container, "command", info.commandLine());
        }
        var attributes = LogAttributes.of(info, name -> name);
        if (!attributes.isEmpty()) {
            container.put("metadata", attributes);
        }
        return container;
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    /** Whether entries would be taken; leaves none. */
    private void ping() throws IOException {
        try {
            write(List.of(Map.of("textPayload", "ping")), true);
        } catch (IOException e) {
            throw new IOException("unable to connect or authenticate with Google Cloud Logging: " + e.getMessage(), e);
        }
    }

    @Override
    public Duration linger() {
        return LINGER;
    }

    @Override
    public void send(Line line) throws IOException {
        var fields = new LinkedHashMap<>(payload);
        fields.put("message", new String(line.text(), StandardCharsets.UTF_8));
        batch.add(Map.of("timestamp", line.time().toString(), "jsonPayload", fields));
        batchBytes += line.text().length;
        if (batch.size() >= BATCH || batchBytes >= MOST_BYTES) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        var taken = List.copyOf(batch);
        // as with the client library, what the service does not take is lost
        batch.clear();
        batchBytes = 0;
        write(taken, false);
    }

    private void write(List<Map<String, Object>> taken, boolean dry) throws IOException {
        var input = new LinkedHashMap<String, Object>();
        input.put("logName", "projects/" + project + "/logs/gcplogs-docker-driver");
        input.put("resource", resource);
        input.put("entries", taken);
        input.put("partialSuccess", !dry);
        input.put("dryRun", dry);
        var answer = http.ask(HttpRequest.newBuilder(entries)
                .header("Authorization", "Bearer " + cloud.token(Instant.now()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.toJson(input))));
        if (!answer.isOk()) {
            throw new IOException("gcplogs: " + answer.words());
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
