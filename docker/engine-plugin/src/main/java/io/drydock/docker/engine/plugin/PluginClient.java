package io.drydock.docker.engine.plugin;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a plugin's methods, each on a connection of its own. No call takes longer than its limit. Safe for any thread. */
public final class PluginClient {
    private static final Logger LOG = LoggerFactory.getLogger(PluginClient.class);
    private static final JsonType<Object> ANY =
            Jsonb.builder().serializeNulls(true).serializeEmpty(true).build().type(Object.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final PluginAddress address;
    private final Duration patience;

    /**
     * @param patience how long it is tried again to reach a plugin that is starting
     */
    PluginClient(PluginAddress address, Duration patience) {
        this.address = address;
        this.patience = patience;
    }

    /**
     * Calls a method.
     *
     * @param method such as {@code VolumeDriver.Mount}
     * @param limit for one attempt
     * @return the answer's members; empty if the plugin says nothing
     * @throws PluginException if it cannot be reached, is too slow, or answers with an error
     */
    public Map<String, Object> call(String method, Map<String, ?> arguments, Duration limit) throws PluginException {
        byte[] body = arguments.isEmpty()
                ? new byte[0]
                : (ANY.toJson(new TreeMap<>(arguments)) + "\n").getBytes(StandardCharsets.UTF_8);
        var began = Instant.now();
        for (var pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
            try {
                return result(method, attempt(method, body, limit));
            } catch (IOException e) {
                boolean late =
                        Duration.between(began, Instant.now()).plus(pause).compareTo(patience) >= 0;
                if (late) {
                    throw new PluginException(
                            PluginException.Kind.UNREACHABLE,
                            "Post \"http://" + address.host() + "/" + method + "\": " + e.getMessage(),
                            e);
                }
                LOG.warn("Unable to connect to plugin: {}/{}: {}, retrying in {}", address.host(), method, e, pause);
                pause(pause);
            }
        }
    }

    private static void pause(Duration pause) throws PluginException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PluginException(PluginException.Kind.UNREACHABLE, "interrupted", e);
        }
    }

    private HttpAnswer attempt(String method, byte[] body, Duration limit) throws IOException {
        var answered = new CountDownLatch(1);
        try (SocketChannel channel = address.open()) {
            // sockets of this kind have no time-out of their own: closing one ends who waits for it
            Thread.startVirtualThread(() -> closeLate(channel, answered, limit));
            channel.connect(address.socket());
            String head = "POST /" + method + " HTTP/1.1\r\nHost: " + address.host()
                    + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\nContent-Length: " + body.length
                    + "\r\nConnection: close\r\n\r\n";
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, body);
            return HttpAnswer.read(new BufferedInputStream(Channels.newInputStream(channel)));
        } catch (java.nio.channels.ClosedChannelException e) {
            throw new IOException("context deadline exceeded", e);
        } finally {
            answered.countDown();
        }
    }

    private static void closeLate(SocketChannel channel, CountDownLatch answered, Duration limit) {
        try {
            if (!answered.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("close a plugin's socket: {}", e.getMessage());
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static Map<String, Object> result(String method, HttpAnswer answer) throws PluginException {
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.status() == 200) {
            return members(method, text);
        }
        Map<String, Object> members;
        try {
            members = members(method, text);
        } catch (PluginException e) {
            members = Map.of(); // the older way of telling an error is plain text
        }
        boolean told = members.get("Err") instanceof String error && !error.isEmpty();
        throw new PluginException(
                answer.status() == 404 ? PluginException.Kind.NOT_IMPLEMENTED : PluginException.Kind.REFUSED,
                method + ": " + (told ? members.get("Err") : text));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(String method, String text) throws PluginException {
        try {
            return !text.isBlank() && ANY.fromJson(text) instanceof Map<?, ?> map
                    ? (Map<String, Object>) map
                    : Map.of();
        } catch (JsonException | IndexOutOfBoundsException e) {
            throw new PluginException(
                    PluginException.Kind.REFUSED, method + ": error reading plugin resp: " + e.getMessage(), e);
        }
    }
}
