package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;
import java.util.Map;

/**
 * A volume.
 *
 * @param name unique
 * @param created RFC 3339
 * @param options the driver's: {@code type}, {@code o}, {@code device} for the local one
 * @param labels the user's
 * @param driver {@code local} or the plugin's name
 */
@Json
public record VolumeRecord(
        String name, String created, Map<String, String> options, Map<String, String> labels, String driver) {
    /** The label of a volume that nobody named. */
    public static final String ANONYMOUS = "com.docker.volume.anonymous";

    /** The driver of the engine itself. */
    public static final String LOCAL = "local";

    /** Copies the maps; a volume of an engine that knew no plugins is local. */
    public VolumeRecord {
        driver = driver == null || driver.isEmpty() ? LOCAL : driver;
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }
}
