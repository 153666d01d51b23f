package io.drydock.docker.cli.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds commands in the table. */
public final class Catalog {
    private Catalog() {}

    /** The command that a word names at the top level or within a group, or null. {@code group} may be empty. */
    public static @Nullable CommandSpec find(String group, String word) {
        String path = group.isEmpty() ? word : group + " " + word;
        for (String line : lines()) {
            if (line.startsWith(path) && line.charAt(path.length()) == '¦') {
                return CommandSpec.of(line);
            }
        }
        for (String line : lines()) {
            if (group.isEmpty() ? line.contains("¦" + word + "¦") : line.startsWith(group + " ")) {
                CommandSpec spec = CommandSpec.of(line);
                if (group.isEmpty() ? spec.top().equals(word) : spec.names().contains(word)) {
                    return spec;
                }
            }
        }
        return null;
    }

    /** The commands of a group; of the top level, the short names too, if it is empty. In the order of their names. */
    public static List<CommandSpec> children(String group) {
        var found = new ArrayList<CommandSpec>();
        for (String line : lines()) {
            CommandSpec spec = CommandSpec.of(line);
            if (spec.group().equals(group) || group.isEmpty() && !spec.top().isEmpty()) {
                found.add(spec);
            }
        }
        return found;
    }

    private static List<String> lines() {
        String all = CommandLines.ALL;
        var lines = new ArrayList<String>(96);
        int from = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
            lines.add(all.substring(from, end));
            from = end + 1;
        }
        return lines;
    }
}
