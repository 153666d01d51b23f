package io.drydock.docker.engine.image;

import java.util.List;

/** Knows which containers use an image. */
@FunctionalInterface
public interface ImageUsers {

    /** A container that uses an image. */
    record User(String containerId, boolean running) {}

    /** The containers made from the image of that id. */
    List<User> usersOf(String imageId);
}
