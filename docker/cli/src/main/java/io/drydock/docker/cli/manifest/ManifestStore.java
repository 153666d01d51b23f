package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lists that are being made, in the original's files:
 *
 * <pre>
 * CONFIG/manifests/
 *   docker.io_library_list-latest/              a list, by its full name
 *     docker.io_library_image-amd64             an image in it: {"Ref", "Descriptor", "Raw"}
 * </pre>
 */
final class ManifestStore {
    private final Path root;

    ManifestStore(Cli cli) {
        root = cli.config().directory().resolve("manifests");
    }

    private Path directory(String list) {
        return root.resolve(fileName(list));
    }

    private static String fileName(String reference) {
        return reference.replace(':', '-').replace('/', '_');
    }

    /** An image of a list, or null. */
    @Nullable
    Map<String, Object> get(String list, String image) throws IOException {
        try {
            return Json.map(Json.parse(Files.readString(directory(list).resolve(fileName(image)))));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    boolean has(String list) {
        return Files.isDirectory(directory(list));
    }

    /** The images of a list in the order of their files' names. */
    List<Map<String, Object>> list(String list) throws IOException, CliException {
        if (!has(list)) {
            throw new CliException("No such manifest: " + list);
        }
        var images = new ArrayList<Map<String, Object>>();
        for (Path file : files(list)) {
            images.add(Json.map(Json.parse(Files.readString(file))));
        }
        return images;
    }

    private List<Path> files(String list) throws IOException {
        try (Stream<Path> files = Files.list(directory(list))) {
            return files.sorted().toList();
        }
    }

    void save(String list, String image, Map<String, Object> manifest) throws IOException {
        Files.createDirectories(directory(list));
        Path file = directory(list).resolve(fileName(image));
        Path aside = file.resolveSibling("." + file.getFileName());
        Files.writeString(aside, Json.write(manifest));
        Files.move(
                aside,
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String list) throws IOException {
        for (Path file : files(list)) {
            Files.delete(file);
        }
        Files.delete(directory(list));
    }

    /** The name by which lists and images are kept: with registry and tag. */
    static String fullName(Reference reference) {
        return reference.canonicalName()
                + (reference.digest().isEmpty() ? ":" + reference.tagOrLatest() : "@" + reference.digest());
    }
}
