package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

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

    /**
     * The sorted names behind a name, of those that have a directory of that name. It looks at no more directories than those
     * names and their relatives take.
     */
    static Page page(Layout layout, DirectoryNames names, String part, String last, int size) throws IOException {
        var found = new ArrayList<String>();
        fill(names, layout.repositories(), "", part, last, size + 1, found);
        return new Page(List.copyOf(found.subList(0, Math.min(size, found.size()))), found.size() > size);
    }

    /** Adds names in order until there are enough. */
    private static void fill(
            DirectoryNames names,
            Path directory,
            String prefix,
            String part,
            String last,
            int enough,
            List<String> found)
            throws IOException {
        // "a-b" is between "a" and "a/b": a directory comes twice, as a name and as what is below it
        var steps = new PriorityQueue<String>();
        for (var word : names.in(directory)) {
            var below = prefix + word + "/";
            if (!word.startsWith("_") && (below.compareTo(last) > 0 || last.startsWith(below))) {
                steps.add(word);
                steps.add(word + "/");
            }
        }
        while (!steps.isEmpty() && found.size() < enough) {
            var step = steps.remove();
            var name = prefix + step;
            if (step.endsWith("/")) {
                fill(names, directory.resolve(step), name, part, last, enough, found);
            } else if (name.compareTo(last) > 0
                    && Files.isDirectory(directory.resolve(step).resolve(part))) {
                found.add(name);
            }
        }
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
