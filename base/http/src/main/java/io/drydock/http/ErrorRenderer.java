package io.drydock.http;

import java.nio.charset.StandardCharsets;

/** Turns an error that no handler answered (bad request, {@link HttpException}, internal error) into a response body. */
@FunctionalInterface
public interface ErrorRenderer {

    /** Plain text, one line. */
    ErrorRenderer PLAIN = (status, message) ->
            new Body("text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));

    /** The body for an error; must not throw. */
    Body render(int status, String message);

    /** A rendered error. */
    record Body(String contentType, byte[] bytes) {}
}
