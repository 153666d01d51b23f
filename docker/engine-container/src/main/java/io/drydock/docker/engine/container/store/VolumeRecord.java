package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;
import java.util.Map;

/**
 * A volume of the local driver.
 *
 * @param name unique
 * @param created RFC 3339
 * @param options the driver's: {@code type}, {@code o}, {@code device}
 * @param labels the user's
 */
@Json
public record VolumeRecord(String name, String created, Map<String, String> options, Map<String, String> labels) {
    /** The label of a volume that nobody named. */
    public static final String ANONYMOUS = "com.docker.volume.anonymous";

    /** Copies the maps. */
    public VolumeRecord {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }
}
