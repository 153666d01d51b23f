package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.util.Map;

/** Makes drivers of a kind that is not here, such as object stores, whose libraries are loaded only by who uses them. */
public interface DriverFactory {
    /** The kind, as configurations call it. */
    String name();

    /**
     * Opens one.
     *
     * @param parameters the keys below the kind's in the configuration, each once, as texts
     * @throws IllegalArgumentException when a parameter is missing, unknown or malformed
     * @throws IOException when the storage cannot be used
     */
    Driver open(Map<String, String> parameters) throws IOException;
}
