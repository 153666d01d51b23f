package io.drydock.docker.cli.context;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names of all contexts. */
public final class ContextNames {
    private ContextNames() {}

    /** In their order, the default's too. */
    public static List<String> of(Path configDirectory) throws IOException {
        var names = new ArrayList<String>();
        names.add("default");
        for (var context : new ContextStore(configDirectory).all()) {
            names.add(Json.text(context, "Name"));
        }
        names.sort(null);
        return names;
    }
}
