package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Pages of names out of a store that sorts keys. There {@code a-b/…} comes before {@code a/…}, while the name {@code a} comes before
 * {@code a-b}. So what can come too late behind a page are names that the page's last one begins with: these are asked for.
 */
public final class KeyOrder {
    private KeyOrder() {}

    /** The names in one directory of such a store. */
    public interface Names {
        /** Those whose keys come behind a text, in the order of keys, each once. */
        Iterator<String> behind(String text) throws IOException;

        /** Whether there is one. */
        boolean has(String name) throws IOException;
    }

    /** The first {@code most} names behind a name, sorted. */
    public static List<String> page(Names names, String after, int most) throws IOException {
        var found = new ArrayList<String>();
        var all = names.behind(after);
        while (all.hasNext() && found.size() < most) {
            var name = all.next();
            if (name.compareTo(after) > 0) {
                found.add(name);
            }
        }
        if (all.hasNext() && !found.isEmpty()) {
            addBeginnings(names, found.getLast(), after, found);
        }
        Collections.sort(found);
        return List.copyOf(found.subList(0, Math.min(most, found.size())));
    }

    private static void addBeginnings(Names names, String last, String after, List<String> found) throws IOException {
        for (int i = 1; i < last.length(); i++) {
            var beginning = last.substring(0, i);
            if (last.charAt(i) < '/' && beginning.compareTo(after) > 0 && names.has(beginning)) {
                found.add(beginning);
            }
        }
    }
}
