package io.drydock.docker.engine.plugin;

import java.util.List;

/**
 * A plugin that has said what it is for.
 *
 * @param name the file's name without its ending
 * @param client to call it
 * @param purposes the interfaces it has, such as {@code VolumeDriver}
 */
public record Plugin(String name, PluginClient client, List<String> purposes) {
    /** Copies the list. */
    public Plugin {
        purposes = List.copyOf(purposes);
    }
}
