package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/** Which repositories there are, found by walking the directories. */
final class Repositories {
    private Repositories() {}

    /** The names of those that have a directory of that name, such as {@code _manifests}, sorted. */
    static List<String> with(Driver driver, String part) throws IOException {
        var found = new ArrayList<String>();
        collect(driver, Layout.REPOSITORIES, "", part, found);
        Collections.sort(found);
        return found;
    }

    private static void collect(Driver driver, String directory, String name, String part, List<String> found)
            throws IOException {
        for (var word : driver.list(directory)) {
            if (word.equals(part) && !name.isEmpty()) {
                found.add(name);
            } else if (!word.startsWith("_")) {
                collect(driver, directory + "/" + word, name.isEmpty() ? word : name + "/" + word, part, found);
            }
        }
    }

    /**
     * The sorted names behind a name, of those that have a directory of that name. It looks at no more directories than those
     * names and their relatives take.
     */
    static Page page(Driver driver, String part, String last, int size) throws IOException {
        var found = new ArrayList<String>();
        fill(driver, Layout.REPOSITORIES, "", part, last, size + 1, found);
        return new Page(List.copyOf(found.subList(0, Math.min(size, found.size()))), found.size() > size);
    }

    /** Adds names in order until there are enough. */
    private static void fill(
            Driver driver, String directory, String prefix, String part, String last, int enough, List<String> found)
            throws IOException {
        // "a-b" is between "a" and "a/b": a directory comes twice, as a name and as what is below it
        var steps = new PriorityQueue<String>();
        for (var word : driver.list(directory)) {
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
                fill(driver, directory + "/" + step.substring(0, step.length() - 1), name, part, last, enough, found);
            } else if (name.compareTo(last) > 0 && driver.exists(directory + "/" + step + "/" + part)) {
                found.add(name);
            }
        }
    }
}
