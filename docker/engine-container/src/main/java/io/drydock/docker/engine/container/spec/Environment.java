package io.drydock.docker.engine.container.spec;

import java.util.ArrayList;
import java.util.List;

/** The environment of a container's processes. */
public final class Environment {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    /**
     * The engine's own variables and those of links, overridden and completed by the config's. A config entry without {@code =}
     * removes one.
     */
    static List<String> of(String hostname, boolean terminal, List<String> links, List<String> configured) {
        var base = new ArrayList<String>();
        base.add(PATH);
        base.add("HOSTNAME=" + hostname);
        if (terminal) {
            base.add("TERM=xterm");
        }
        base.addAll(links);
        return merge(base, configured);
    }

    /** The base with each entry of the other in the place of the one of its name. */
    public static List<String> merge(List<String> base, List<String> other) {
        var merged = new ArrayList<>(base);
        for (String entry : other) {
            int equals = entry.indexOf('=');
            String prefix = (equals < 0 ? entry : entry.substring(0, equals)) + "=";
            int at = -1;
            for (int i = 0; i < merged.size(); i++) {
                if (merged.get(i).startsWith(prefix)) {
                    at = i;
                }
            }
            if (equals < 0) {
                if (at >= 0) {
                    merged.remove(at);
                }
            } else if (at >= 0) {
                merged.set(at, entry);
            } else {
                merged.add(entry);
            }
        }
        return merged;
    }
}
