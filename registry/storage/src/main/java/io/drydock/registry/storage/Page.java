package io.drydock.registry.storage;

import java.util.List;

/**
 * A part of a sorted list.
 *
 * @param names at most as many as were asked for
 * @param more whether the list goes on
 */
public record Page(List<String> names, boolean more) {
    /** The part of a list in memory behind a name. */
    public static Page of(List<String> sorted, String last, int size) {
        var rest = sorted.stream().filter(name -> name.compareTo(last) > 0).toList();
        return new Page(rest.subList(0, Math.min(size, rest.size())), rest.size() > size);
    }
}
