package io.drydock.docker.cli.http;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request being put together. The path is without version and starts with a slash. */
public final class Request {
    /** Writes a body of unknown length. */
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    final String method;
    final String path;
    final Map<String, String> headers = new LinkedHashMap<>();
    byte @Nullable [] content;

    @Nullable
    Body body;

    private final StringBuilder query = new StringBuilder();

    private Request(String method, String path) {
        this.method = method;
        this.path = path;
    }

    public static Request get(String path) {
        return new Request("GET", path);
    }

    public static Request head(String path) {
        return new Request("HEAD", path);
    }

    public static Request post(String path) {
        return new Request("POST", path);
    }

    public static Request put(String path) {
        return new Request("PUT", path);
    }

    public static Request delete(String path) {
        return new Request("DELETE", path);
    }

    /** One segment of a path. */
    public static String escape(String segment) {
        return encode(segment).replace("%2F", "/").replace("%3A", ":");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Request query(String name, String value) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(encode(value));
        return this;
    }

    /** Adds the parameter only if the condition holds. */
    public Request queryIf(boolean condition, String name, String value) {
        return condition ? query(name, value) : this;
    }

    public Request header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public Request json(@Nullable Object value) {
        content = HttpInput.bytes(Json.write(value));
        headers.put("Content-Type", "application/json");
        return this;
    }

    public Request stream(String type, Body write) {
        body = write;
        headers.put("Content-Type", type);
        return this;
    }

    String target(String version) {
        return (version.isEmpty() ? "" : "/v" + version) + path + query;
    }
}
