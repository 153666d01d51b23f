package io.drydock.spec.engine;

import java.util.Map;

/** Where the parts of the engine say what happened. Never blocks and never throws. */
@FunctionalInterface
public interface EventSink {

    /**
     * Something happened.
     *
     * @param type {@code container}, {@code image}, {@code volume}, {@code network} or {@code daemon}
     * @param action what, in the words of the Engine API
     * @param id of the object
     * @param attributes what filters and clients look at
     */
    void publish(String type, String action, String id, Map<String, String> attributes);
}
