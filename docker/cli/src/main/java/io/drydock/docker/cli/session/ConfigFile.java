package io.drydock.docker.cli.session;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code config.json} of the client; read when first asked for. What this client does not know is kept when it is saved. */
public final class ConfigFile {
    private final Path directory;
    private @Nullable Map<String, Object> content;

    public ConfigFile(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    public Path file() {
        return directory.resolve("config.json");
    }

    /** All of it. */
    public synchronized Map<String, Object> content() throws IOException {
        Map<String, Object> c = content;
        if (c == null) {
            c = read();
            content = c;
        }
        return c;
    }

    private Map<String, Object> read() throws IOException {
        try {
            String text = Files.readString(file());
            return text.isBlank() ? new LinkedHashMap<>() : new LinkedHashMap<>(Json.map(Json.parse(text)));
        } catch (NoSuchFileException e) {
            return new LinkedHashMap<>();
        } catch (IllegalArgumentException e) {
            throw new IOException("loading config file: " + file() + ": " + e.getMessage(), e);
        }
    }

    /** A text such as {@code psFormat}, or empty. */
    public String text(String name) throws IOException {
        return Json.text(content(), name);
    }

    /** Replaces the file at once, readable by its owner only. */
    public void save() throws IOException {
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, "config.json", "");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
        var all = new LinkedHashMap<String, Object>();
        all.put("auths", Map.of()); // there also when it is empty
        all.putAll(content());
        Files.writeString(temporary, Json.indent(Json.write(all), "", "\t"));
        Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
