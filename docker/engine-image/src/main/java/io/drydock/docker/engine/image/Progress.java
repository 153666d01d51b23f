package io.drydock.docker.engine.image;

import io.drydock.spec.engine.ProgressDetail;
import io.drydock.spec.engine.ProgressMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes lines of progress; fails when the client has gone. */
@FunctionalInterface
public interface Progress {
    void send(ProgressMessage message) throws IOException;

    /** A line that is about nothing in particular. */
    default void status(String text) throws IOException {
        send(new ProgressMessage(text, null, null, null, null, null, null, null));
    }

    /** A step of the thing of that id. */
    default void step(String id, String text) throws IOException {
        step(id, text, new ProgressDetail(null, null, null, null));
    }

    /** A step with how far it is. */
    default void step(String id, String text, ProgressDetail detail) throws IOException {
        send(new ProgressMessage(text, detail, bar(detail), id, null, null, null, null));
    }

    private static @Nullable String bar(ProgressDetail detail) {
        return detail.current() == null || detail.total() == null
                ? null
                : ProgressBar.of(detail.current(), detail.total());
    }
}
