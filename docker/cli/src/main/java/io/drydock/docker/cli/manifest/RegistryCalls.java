package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Requests to one repository of a registry: https, or http if it may be insecure (which those of this machine are). */
final class RegistryCalls {
    private static final String HUB = "registry-1.docker.io";
    private static final int PATIENCE_MILLIS = 30_000;

    private final Cli cli;
    private final String registry;
    private final String base;
    private String authorization = "";

    record Answer(int status, String type, String location, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    RegistryCalls(Cli cli, Reference reference, boolean insecure) {
        this.cli = cli;
        registry = reference.registry();
        String host = registry.equals("docker.io") ? HUB : registry;
        boolean here = host.startsWith("127.") || host.equals("localhost") || host.startsWith("localhost:");
        base = (insecure || here ? "http://" : "https://") + host + "/v2/" + path(reference) + "/";
    }

    /** The repository's name in its registry. */
    static String path(Reference reference) {
        return reference.canonicalName().substring(reference.registry().length() + 1);
    }

    Answer get(String path, String accept) throws IOException, CliException {
        return call("GET", path, Map.of("Accept", accept), new byte[0]);
    }

    Answer put(String path, String type, byte[] body) throws IOException, CliException {
        return call("PUT", path, Map.of("Content-Type", type), body);
    }

    Answer post(String path) throws IOException, CliException {
        return call("POST", path, Map.of(), new byte[0]);
    }

    private Answer call(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, CliException {
        HttpURLConnection connection = send(method, URI.create(base + path), headers, body);
        String challenge = connection.getHeaderField("Www-Authenticate");
        if (connection.getResponseCode() == 401 && challenge != null && authorization.isEmpty()) {
            authorization = authorize(challenge);
            connection = send(method, URI.create(base + path), headers, body);
        }
        return answer(connection);
    }

    private HttpURLConnection send(String method, URI address, Map<String, String> headers, byte[] body)
            throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        headers.forEach(connection::setRequestProperty);
        if (!authorization.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
        }
        if (method.equals("PUT") || method.equals("POST")) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.getOutputStream().write(body);
        }
        return connection;
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        String type = connection.getHeaderField("Content-Type");
        String location = connection.getHeaderField("Location");
        byte[] body = in == null ? new byte[0] : in.readAllBytes();
        return new Answer(status, type == null ? "" : type, location == null ? "" : location, body);
    }

    /** What to show, after a challenge: the password itself, or a token that it is good for. */
    private String authorize(String challenge) throws IOException, CliException {
        Map<String, Object> known = Credentials.lookup(cli, Credentials.key(registry));
        String user = Json.text(known, "username");
        String pair = user + ":" + Json.text(known, "password");
        String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        if (!challenge.toLowerCase().startsWith("bearer ")) {
            return basic;
        }
        Map<String, String> fields = fields(challenge.substring(7));
        String query = "?service=" + encode(fields.getOrDefault("service", "")) + "&scope="
                + encode(fields.getOrDefault("scope", ""));
        var connection = (HttpURLConnection)
                URI.create(fields.getOrDefault("realm", "") + query).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        if (!user.isEmpty()) {
            connection.setRequestProperty("Authorization", basic);
        }
        Answer answer = answer(connection);
        if (answer.status != 200) {
            throw new CliException("unauthorized: authentication required");
        }
        Object token = Json.parse(answer.text());
        String text = Json.text(token, "token");
        return "Bearer " + (text.isEmpty() ? Json.text(token, "access_token") : text);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@code a="b",c="d"}. */
    private static Map<String, String> fields(String text) {
        var fields = new HashMap<String, String>();
        int at = 0;
        while (at < text.length()) {
            int equals = text.indexOf("=\"", at);
            int end = equals < 0 ? -1 : text.indexOf('"', equals + 2);
            if (end < 0) {
                break;
            }
            fields.put(text.substring(at, equals).strip().toLowerCase(), text.substring(equals + 2, end));
            at = end + 2;
        }
        return fields;
    }
}
