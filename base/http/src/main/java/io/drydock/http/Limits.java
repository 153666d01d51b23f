package io.drydock.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client may ask for.
 *
 * @param requestLine most bytes of the request line (414 beyond)
 * @param header most bytes of all header fields together (431 beyond)
 * @param drain most bytes of an unread body that are read to keep the connection; beyond, it is closed
 * @param headerTimeout from the first byte of a request to the end of its header (408 beyond), null for no limit
 * @param idleTimeout between two requests, null for no limit
 */
public record Limits(
        int requestLine,
        int header,
        int drain,
        @Nullable Duration headerTimeout,
        @Nullable Duration idleTimeout) {

    /** 64 KiB request line, 1 MiB header, 256 KiB drained, a minute for the header, no idle limit. */
    public static final Limits DEFAULT = new Limits(64 * 1024, 1024 * 1024, 256 * 1024, Duration.ofMinutes(1), null);
}
