package io.drydock.docker.cli.context;

import io.drydock.docker.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A context with all that belongs to it.
 *
 * @param host as the user wrote it; empty for the default
 * @param tls contents of {@code ca.pem}, {@code cert.pem} and {@code key.pem}, those that there are
 */
record StoredContext(String name, String description, String host, boolean skipVerify, Map<String, byte[]> tls) {
    StoredContext {
        tls = new TreeMap<>(tls);
    }

    /** Reads the document; TLS files are kept elsewhere. */
    static StoredContext of(Map<String, Object> document, Map<String, byte[]> tls) {
        return new StoredContext(
                Json.text(document, "Name"),
                Json.text(document, "Metadata", "Description"),
                Json.text(document, "Endpoints", "docker", "Host"),
                Json.bool(document, "Endpoints", "docker", "SkipTLSVerify"),
                tls);
    }

    /** What its {@code meta.json} says. */
    Map<String, Object> document() {
        var endpoint = new LinkedHashMap<String, Object>();
        endpoint.put("Host", host);
        endpoint.put("SkipTLSVerify", skipVerify);
        var document = new LinkedHashMap<String, Object>();
        document.put("Name", name);
        document.put("Metadata", description.isEmpty() ? Map.of() : Map.of("Description", description));
        document.put("Endpoints", Map.of("docker", endpoint));
        return document;
    }

    StoredContext named(String other) {
        return new StoredContext(other, description, host, skipVerify, tls);
    }

    StoredContext described(String text) {
        return new StoredContext(name, text, host, skipVerify, tls);
    }

    StoredContext at(StoredContext endpoint) {
        return new StoredContext(name, description, endpoint.host, endpoint.skipVerify, endpoint.tls);
    }
}
