package io.drydock.docker.engine.log;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys by which requests to AWS are signed, where the AWS SDKs look for them, in their order: variables of the daemon,
 * the shared credentials file, a container's endpoint, the machine's metadata service (version 2). Used by one thread.
 */
final class AwsCredentials {
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final String TTL = "21600";

    /**
     * Keys.
     *
     * @param token of a session; empty for lasting keys
     * @param until when they must be asked for again; {@link Instant#MAX} for lasting keys
     */
    record Keys(String id, String secret, String token, Instant until) {}

    /** What answers with credentials: at the usual addresses, unless in a test. */
    record Services(URI container, URI machine) {
        static final Services USUAL =
                new Services(URI.create("http://169.254.170.2"), URI.create("http://169.254.169.254"));
    }

    private final Map<String, String> environment;
    private final String endpoint;
    private final Services services;
    private final HttpReceiver http;
    private @Nullable Keys keys;

    /**
     * @param endpoint the option {@code awslogs-credentials-endpoint}: a path at the container service; empty for none
     */
    AwsCredentials(Map<String, String> environment, String endpoint, Services services, HttpReceiver http) {
        this.environment = environment;
        this.endpoint = endpoint;
        this.services = services;
        this.http = http;
    }

    /** Keys that are valid now. */
    Keys keys(Instant now) throws IOException {
        if (keys == null || !now.plus(MARGIN).isBefore(keys.until())) {
            keys = find();
        }
        return keys;
    }

    private Keys find() throws IOException {
        if (!endpoint.isEmpty()) {
            return fetched(services.container().resolve(endpoint), null);
        }
        String id = variable("AWS_ACCESS_KEY_ID");
        String secret = variable("AWS_SECRET_ACCESS_KEY");
        if (!id.isEmpty() && !secret.isEmpty()) {
            return new Keys(id, secret, variable("AWS_SESSION_TOKEN"), Instant.MAX);
        }
        Keys shared = shared();
        if (shared != null) {
            return shared;
        }
        String path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        return path.isEmpty() ? machine() : fetched(services.container().resolve(path), null);
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    private @Nullable Keys shared() throws IOException {
        String named = variable("AWS_SHARED_CREDENTIALS_FILE");
        Path file = named.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/"), ".aws", "credentials")
                : Path.of(named);
        if (!Files.isReadable(file)) {
            return null;
        }
        String profile = environment.getOrDefault("AWS_PROFILE", "default");
        var values = new HashMap<String, String>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            if (text.startsWith("[")) {
                inside = text.equals("[" + profile + "]");
            } else if (inside && text.indexOf('=') > 0) {
                values.put(
                        text.substring(0, text.indexOf('=')).strip(),
                        text.substring(text.indexOf('=') + 1).strip());
            }
        }
        String id = values.get("aws_access_key_id");
        String secret = values.get("aws_secret_access_key");
        return id == null || secret == null
                ? null
                : new Keys(id, secret, values.getOrDefault("aws_session_token", ""), Instant.MAX);
    }

    private Keys machine() throws IOException {
        var machine = services.machine();
        try {
            String token = text(HttpRequest.newBuilder(machine.resolve("/latest/api/token"))
                    .header("X-aws-ec2-metadata-token-ttl-seconds", TTL)
                    .PUT(HttpRequest.BodyPublishers.noBody()));
            var roles = machine.resolve("/latest/meta-data/iam/security-credentials/");
            String role = text(HttpRequest.newBuilder(roles).header("X-aws-ec2-metadata-token", token));
            return fetched(roles.resolve(role.lines().findFirst().orElse("")), token);
        } catch (IOException e) {
            throw new IOException("no EC2 IMDS role found, " + e.getMessage(), e);
        }
    }

    private String text(HttpRequest.Builder request) throws IOException {
        var answer = http.ask(request);
        if (!answer.isOk()) {
            throw new IOException("request to the credentials service: " + answer.words());
        }
        return answer.body();
    }

    private Keys fetched(URI uri, @Nullable String token) throws IOException {
        var request = HttpRequest.newBuilder(uri);
        if (token != null) {
            request.header("X-aws-ec2-metadata-token", token);
        }
        String json = text(request);
        try {
            var fields = Jsonb.instance().type(Object.class).map().fromJson(json);
            String until = String.valueOf(fields.get("Expiration"));
            return new Keys(
                    String.valueOf(fields.get("AccessKeyId")),
                    String.valueOf(fields.get("SecretAccessKey")),
                    String.valueOf(fields.getOrDefault("Token", "")),
                    until.equals("null") ? Instant.MAX : Instant.parse(until));
        } catch (JsonException | IndexOutOfBoundsException | DateTimeParseException e) {
            throw new IOException("the credentials service answered with something else: " + e.getMessage(), e);
        }
    }
}
