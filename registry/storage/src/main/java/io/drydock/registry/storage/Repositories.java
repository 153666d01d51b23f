package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which repositories there are, found by walking the directories. */
final class Repositories {
    private Repositories() {}

    /** The names of those that have a directory of that name, such as {@code _manifests}, sorted. */
    static List<String> with(Layout layout, String part) throws IOException {
        var found = new ArrayList<String>();
        collect(layout.repositories(), "", part, found);
        Collections.sort(found);
        return found;
    }

    private static void collect(Path directory, String name, String part, List<String> found) throws IOException {
        if (!name.isEmpty() && Files.isDirectory(directory.resolve(part))) {
            found.add(name);
        }
        for (var child : Layout.children(directory)) {
            var word = child.getFileName().toString();
            if (!word.startsWith("_")) {
                collect(child, name.isEmpty() ? word : name + "/" + word, part, found);
            }
        }
    }
}
