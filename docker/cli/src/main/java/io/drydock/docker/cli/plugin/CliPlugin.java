package io.drydock.docker.cli.plugin;

import io.drydock.docker.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A plugin that was found.
 *
 * @param metadata what it says of itself; empty if it does not
 * @param error why it cannot be used, or empty
 */
public record CliPlugin(String name, String path, Map<String, Object> metadata, String error) {
    public boolean isGood() {
        return error.isEmpty();
    }

    /** One of {@code Vendor}, {@code Version}, {@code ShortDescription}, {@code URL}; or empty. */
    public String text(String member) {
        return Json.text(metadata, member);
    }

    /** As {@code docker info} gives it to templates. */
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        for (String member : new String[] {"SchemaVersion", "Vendor", "Version", "ShortDescription", "URL"}) {
            if (!text(member).isEmpty()) {
                document.put(member, text(member));
            }
        }
        document.put("Name", name);
        document.put("Path", path);
        if (!error.isEmpty()) {
            document.put("Err", error);
        }
        return document;
    }
}
