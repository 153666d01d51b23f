package io.drydock.spec.engine;

import java.time.Instant;
import java.util.Map;

/**
 * One line of a container's log on its way to a client.
 *
 * @param stream 1 for stdout, 2 for stderr, as in the stream's framing
 * @param line the bytes with their newline; a part of a line longer than the limit has none
 * @param time when the engine read it
 * @param attributes what the log options add to each line
 */
public record LogMessage(int stream, byte[] line, Instant time, Map<String, String> attributes) {}
