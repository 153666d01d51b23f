package io.drydock.docker.engine.network;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Records as JSON, one file each, published by renaming. Safe for several threads as long as each file has one writer. */
final class RecordStore<T> {
    private static final String UNFINISHED = ".new";

    private final Path directory;
    private final JsonType<T> type;

    /** A store in that directory, which is made. */
    RecordStore(Path directory, JsonType<T> type) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.type = type;
    }

    /** Everything in the store. What was not finished when the machine or the daemon died is removed. */
    List<T> load() throws IOException {
        var records = new ArrayList<T>();
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                    continue;
                }
                try {
                    records.add(type.fromJson(Files.readString(file)));
                } catch (JsonException e) {
                    throw new IOException("read " + file + ": " + e.getMessage(), e);
                }
            }
        }
        return records;
    }

    /** Puts a record, in place of an older one of that name. */
    void put(String name, T value) throws IOException {
        var unfinished = directory.resolve(name + UNFINISHED);
        Files.write(unfinished, type.toJson(value).getBytes(StandardCharsets.UTF_8));
        Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes a record; nothing happens if there is none. */
    void remove(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }
}
