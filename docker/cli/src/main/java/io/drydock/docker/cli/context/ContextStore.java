package io.drydock.docker.cli.context;

import io.drydock.docker.cli.http.Endpoint;
import io.drydock.docker.cli.http.TlsFiles;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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

    /**
     * Refuses names that cannot be those of a stored context.
     *
     * @throws CliException with the original's words
     */
    static void checkName(String name) throws CliException {
        if (name.equals("default")) {
            throw new CliException("\"default\" is a reserved context name");
        }
        boolean good = name.length() > 1 && Character.isLetterOrDigit(name.charAt(0));
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= c < 128 && (Character.isLetterOrDigit(c) || i > 0 && "_.+-".indexOf(c) >= 0);
        }
        if (!good) {
            throw new CliException("context name \"" + name
                    + "\" is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"");
        }
    }

    boolean exists(String name) {
        return Files.exists(metadata(name));
    }

    /** The stored context and its TLS files. */
    StoredContext load(String name) throws CliException, IOException {
        Map<String, Object> document = read(name);
        Map<String, byte[]> files = new TreeMap<>();
        for (String file : tlsFiles(name)) {
            files.put(file, Files.readAllBytes(tls(name).resolve("docker").resolve(file)));
        }
        return StoredContext.of(document, files);
    }

    /** The names of its TLS files, in order. */
    List<String> tlsFiles(String name) throws IOException {
        Path files = tls(name).resolve("docker");
        if (!Files.isDirectory(files)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(files)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Writes it, in place of what was stored under its name. */
    void save(StoredContext context) throws IOException {
        remove(context.name());
        if (!context.tls().isEmpty()) {
            Path files = tls(context.name()).resolve("docker");
            Files.createDirectories(files, owner("rwx------"));
            for (Map.Entry<String, byte[]> file : context.tls().entrySet()) {
                Path path = files.resolve(file.getKey());
                Files.createFile(path, owner("rw-------"));
                Files.write(path, file.getValue());
            }
        }
        Path file = metadata(context.name());
        Files.createDirectories(directory(file));
        Path temporary = file.resolveSibling(".meta.json.new");
        Files.writeString(temporary, Json.write(context.document()));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<Set<PosixFilePermission>> owner(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    /** Removes it with its TLS files; nothing happens if it is not there. */
    void remove(String name) throws IOException {
        for (Path root : List.of(directory(metadata(name)), tls(name))) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> all = Files.walk(root)) {
                    for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                        Files.delete(path);
                    }
                }
            }
        }
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
