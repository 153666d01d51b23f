package io.drydock.docker.engine.log;

import io.drydock.linux.Linux;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sends lines to the journal by its native protocol: a datagram of fields each. */
final class JournaldSink implements LogSink {
    static final String SOCKET = "/run/systemd/journal/socket";
    private static final String INFO = "6";
    private static final String ERROR = "3";

    private final Endpoint endpoint;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private JournaldSink(LogInfo info, Endpoint endpoint) {
        this.endpoint = endpoint;
        String tag = LogTag.of(info);
        fields.put("CONTAINER_ID", info.shortId());
        fields.put("CONTAINER_ID_FULL", info.id());
        fields.put("CONTAINER_NAME", info.name());
        fields.put("CONTAINER_TAG", tag);
        fields.put("IMAGE_NAME", info.imageName());
        fields.put("SYSLOG_IDENTIFIER", tag);
        fields.putAll(LogAttributes.of(info, JournaldSink::fieldName));
    }

    /** Capitals, digits and underscores, none of these at the beginning. */
    private static String fieldName(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
        return upper.replaceFirst("^_+", "");
    }

    /**
     * @param socket {@link #SOCKET}
     */
    static JournaldSink open(LogInfo info, Linux linux, String socket) throws IOException {
        var endpoint = new Reconnecting(() -> Endpoint.unixDatagram(linux, socket), 1, Duration.ofMillis(100));
        try {
            return new JournaldSink(info, endpoint.connected());
        } catch (IOException e) {
            throw new IOException("journald is not enabled on this host", e);
        }
    }

    @Override
    public void send(Line line) throws IOException {
        var message = new ByteArrayOutputStream(512);
        field(message, "MESSAGE", line.text());
        field(message, "PRIORITY", bytes(line.stream() == 2 ? ERROR : INFO));
        fields.forEach((name, value) -> field(message, name, bytes(value)));
        if (line.partial()) {
            field(message, "CONTAINER_PARTIAL_MESSAGE", bytes("true"));
        }
        endpoint.send(message.toByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code NAME=value}, or for a value with a newline its name, its length and the value. */
    private static void field(ByteArrayOutputStream message, String name, byte[] value) {
        message.writeBytes(bytes(name));
        boolean plain = true;
        for (byte b : value) {
            plain &= b != '\n';
        }
        if (plain) {
            message.write('=');
        } else {
            message.write('\n');
            message.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value.length)
                    .array());
        }
        message.writeBytes(value);
        message.write('\n');
    }

    @Override
    public void close() throws IOException {
        endpoint.close();
    }
}
