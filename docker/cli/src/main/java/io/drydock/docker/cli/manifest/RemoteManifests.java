package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Manifests as registries have them, made into what lists are made of. */
final class RemoteManifests {
    static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String ALL = LIST + ", " + INDEX
            + ", application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";

    private final Cli cli;
    private final boolean insecure;

    RemoteManifests(Cli cli, boolean insecure) {
        this.cli = cli;
        this.insecure = insecure;
    }

    /** A manifest's media type and bytes. */
    record Raw(String type, byte[] bytes) {
        boolean isList() {
            return type.equals(LIST) || type.equals(INDEX);
        }
    }

    RegistryCalls calls(Reference reference) {
        return new RegistryCalls(cli, reference, insecure);
    }

    Raw fetch(Reference reference) throws IOException, CliException {
        String at = reference.digest().isEmpty() ? reference.tagOrLatest() : reference.digest();
        var answer = calls(reference).get("manifests/" + at, ALL);
        if (answer.status() == 404) {
            throw new CliException("no such manifest: " + ManifestStore.fullName(reference));
        }
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        if (!reference.digest().isEmpty() && !reference.digest().equals(digest(answer.body()))) {
            throw new CliException("manifest verification failed for digest " + reference.digest());
        }
        String type = answer.type();
        int semicolon = type.indexOf(';');
        return new Raw(semicolon < 0 ? type : type.substring(0, semicolon), answer.body());
    }

    static CliException refusal(RegistryCalls.Answer answer) {
        List<Object> errors =
                answer.type().contains("json") ? Json.list(Json.at(Json.parse(answer.text()), "errors")) : List.of();
        if (errors.isEmpty()) {
            return new CliException("unexpected status from the registry: " + answer.status());
        }
        return new CliException(
                Json.text(errors.getFirst(), "code").toLowerCase().replace('_', ' ') + ": "
                        + Json.text(errors.getFirst(), "message"));
    }

    /** An image for a list: its name, its descriptor with the platform out of its configuration, its manifest. */
    Map<String, Object> image(Reference reference, Raw raw) throws IOException, CliException {
        Object manifest = Json.parse(new String(raw.bytes, StandardCharsets.UTF_8));
        var answer = calls(reference).get("blobs/" + Json.text(manifest, "config", "digest"), "*/*");
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        Object image = Json.parse(answer.text());
        var platform = new LinkedHashMap<String, Object>();
        platform.put("architecture", Json.text(image, "architecture"));
        platform.put("os", Json.text(image, "os"));
        for (String member : List.of("os.version", "variant")) {
            if (!Json.text(image, member).isEmpty()) {
                platform.put(member, Json.text(image, member));
            }
        }
        if (!Json.list(Json.at(image, "os.features")).isEmpty()) {
            platform.put("os.features", Json.list(Json.at(image, "os.features")));
        }
        var descriptor = new LinkedHashMap<String, Object>();
        descriptor.put("mediaType", raw.type);
        descriptor.put("digest", digest(raw.bytes));
        descriptor.put("size", (long) raw.bytes.length);
        descriptor.put("platform", platform);
        var whole = new LinkedHashMap<String, Object>();
        whole.put("Ref", ManifestStore.fullName(reference));
        whole.put("Descriptor", descriptor);
        whole.put("Raw", Base64.getEncoder().encodeToString(raw.bytes));
        whole.put(raw.type.startsWith("application/vnd.oci.") ? "OCIManifest" : "SchemaV2Manifest", manifest);
        return whole;
    }

    static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
