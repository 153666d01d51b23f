package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.http.Endpoint;
import io.drydock.docker.cli.http.TlsFiles;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Contexts on disk: {@code contexts/meta/<sha256 of name>/meta.json}, TLS files beside in {@code contexts/tls}. */
public final class ContextStore {
    private final Path directory;

    public ContextStore(Path configDirectory) {
        this.directory = configDirectory.resolve("contexts");
    }

    static String digest(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Path metadata(String name) {
        return directory.resolve("meta").resolve(digest(name)).resolve("meta.json");
    }

    Path tls(String name) {
        return directory.resolve("tls").resolve(digest(name));
    }

    /** The stored context as its file says it. */
    Map<String, Object> read(String name) throws CliException, IOException {
        Path file = metadata(name);
        if (!Files.exists(file)) {
            throw new CliException(
                    "context \"" + name + "\": context not found: open " + file + ": no such file or directory");
        }
        return Json.map(Json.parse(Files.readString(file)));
    }

    /** All stored contexts, in the order of their names. */
    List<Map<String, Object>> all() throws IOException {
        var found = new ArrayList<Map<String, Object>>();
        Path meta = directory.resolve("meta");
        if (Files.isDirectory(meta)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(meta)) {
                for (Path entry : entries) {
                    Path file = entry.resolve("meta.json");
                    if (Files.exists(file)) {
                        found.add(Json.map(Json.parse(Files.readString(file))));
                    }
                }
            }
        }
        found.sort((a, b) -> Json.text(a, "Name").compareTo(Json.text(b, "Name")));
        return found;
    }

    /** Where the context's engine listens. */
    public Endpoint endpoint(String name) throws CliException, IOException {
        Map<String, Object> context = read(name);
        Path files = tls(name).resolve("docker");
        TlsFiles tls = !Files.isDirectory(files)
                ? null
                : new TlsFiles(
                        files.resolve("ca.pem"),
                        files.resolve("cert.pem"),
                        files.resolve("key.pem"),
                        !Json.bool(context, "Endpoints", "docker", "SkipTLSVerify"));
        String host = Json.text(context, "Endpoints", "docker", "Host");
        return Endpoint.of(host.isEmpty() ? "unix:///var/run/docker.sock" : host, tls);
    }
}
