package io.drydock.docker.api;

/** A group of endpoints. */
@FunctionalInterface
public interface Routes {

    /** Adds the endpoints. */
    void register(Pages pages);
}
