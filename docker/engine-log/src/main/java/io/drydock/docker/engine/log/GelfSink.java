package io.drydock.docker.engine.log;

import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Sends lines as GELF 1.1: compressed and in chunks by UDP, or ended by a zero byte by TCP. */
final class GelfSink implements LogSink {
    /** What fits into one datagram of a usual network: the original's number. */
    private static final int CHUNK = 1420;

    private static final int CHUNK_HEADER = 12;
    private static final int MOST_CHUNKS = 128;
    private static final int INFO = 6;
    private static final int ERROR = 3;

    private final boolean udp;
    private final String compression;
    private final int level;
    private final Endpoint endpoint;
    private final String host = Hosts.name();
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private GelfSink(LogInfo info, boolean udp, Endpoint endpoint) {
        this.udp = udp;
        this.endpoint = endpoint;
        this.compression = info.option("gelf-compression-type", "gzip");
        this.level = Integer.parseInt(info.option("gelf-compression-level", "1"));
        fields.put("_container_id", info.id());
        fields.put("_container_name", info.name());
        fields.put("_image_id", info.imageId());
        fields.put("_image_name", info.imageName());
        fields.put("_command", info.commandLine());
        fields.put("_tag", LogTag.of(info));
        fields.put("_created", info.created().toString());
        fields.putAll(LogAttributes.of(info, name -> name.startsWith("_") ? name : "_" + name));
    }

    /** Refuses options that make no sense, in the original's words. */
    static void check(LogInfo info) {
        var target = target(info);
        boolean udp = target.udp();
        for (var option : info.options().entrySet()) {
            switch (option.getKey()) {
                case "gelf-compression-level" -> {
                    only(udp, "compression option is only supported on UDP");
                    number(option, 0, 9);
                }
                case "gelf-compression-type" -> {
                    only(udp, "compression option is only supported on UDP");
                    only(java.util.Set.of("gzip", "zlib", "none").contains(option.getValue()), unknown(option));
                }
                case "gelf-tcp-max-reconnect", "gelf-tcp-reconnect-delay" -> {
                    only(!udp, option.getKey() + " option is only valid for TCP");
                    number(option, 0, Integer.MAX_VALUE);
                }
                default -> {}
            }
        }
    }

    private static void only(boolean allowed, String words) {
        if (!allowed) {
            throw EngineException.invalid(words);
        }
    }

    private static String unknown(Map.Entry<String, String> option) {
        return "unknown value \"" + option.getValue() + "\" for log opt \"" + option.getKey()
                + "\" for gelf log driver";
    }

    private static void number(Map.Entry<String, String> option, int least, int most) {
        try {
            int value = Integer.parseInt(option.getValue());
            only(value >= least && value <= most, unknown(option));
        } catch (NumberFormatException e) {
            throw EngineException.invalid(unknown(option));
        }
    }

    private record Target(boolean udp, HostPort address) {}

    private static Target target(LogInfo info) {
        String address = info.option("gelf-address", "");
        only(!address.isEmpty(), "gelf-address is a required parameter");
        boolean udp = address.startsWith("udp://");
        only(udp || address.startsWith("tcp://"), "gelf-address should be in form proto://address, got " + address);
        String rest = address.substring(6);
        only(rest.lastIndexOf(':') > rest.lastIndexOf(']'), "gelf: please provide gelf-address as proto://host:port");
        return new Target(udp, HostPort.parse(rest, 0));
    }

    static GelfSink open(LogInfo info) throws IOException {
        check(info);
        var target = target(info);
        var address = target.address();
        if (target.udp()) {
            return new GelfSink(info, true, Endpoint.udp(address.host(), address.port()));
        }
        int attempts = Integer.parseInt(info.option("gelf-tcp-max-reconnect", "3"));
        int seconds = Integer.parseInt(info.option("gelf-tcp-reconnect-delay", "1"));
        var endpoint = new Reconnecting(
                () -> Endpoint.tcp(address.host(), address.port()), attempts, Duration.ofSeconds(seconds));
        return new GelfSink(info, false, endpoint.connected());
    }

    @Override
    public void send(Line line) throws IOException {
        var message = new LinkedHashMap<String, Object>();
        message.put("version", "1.1");
        message.put("host", host);
        message.put("short_message", new String(line.text(), StandardCharsets.UTF_8));
        long millis = line.time().toEpochMilli();
        message.put("timestamp", BigDecimal.valueOf(millis, 3));
        message.put("level", line.stream() == 2 ? ERROR : INFO);
        message.putAll(fields);
        byte[] json = Jsonb.instance().toJson(message).getBytes(StandardCharsets.UTF_8);
        if (!udp) {
            endpoint.send(Arrays.copyOf(json, json.length + 1));
            return;
        }
        byte[] packed = packed(json);
        if (packed.length <= CHUNK) {
            endpoint.send(packed);
        } else {
            chunks(packed);
        }
    }

    private byte[] packed(byte[] json) throws IOException {
        if (compression.equals("none")) {
            return json;
        }
        var bytes = new ByteArrayOutputStream();
        var deflater = new Deflater(level);
        try (OutputStream out =
                compression.equals("zlib") ? new DeflaterOutputStream(bytes, deflater) : new LevelGzip(bytes, level)) {
            out.write(json);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private void chunks(byte[] message) throws IOException {
        int size = CHUNK - CHUNK_HEADER;
        int count = (message.length + size - 1) / size;
        if (count > MOST_CHUNKS) {
            throw new IOException("gelf: cannot send message: msg too large, would need " + count + " chunks");
        }
        long id = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < count; i++) {
            int length = Math.min(size, message.length - i * size);
            var chunk = ByteBuffer.allocate(CHUNK_HEADER + length);
            chunk.put((byte) 0x1e).put((byte) 0x0f).putLong(id).put((byte) i).put((byte) count);
            chunk.put(message, i * size, length);
            endpoint.send(chunk.array());
        }
    }

    @Override
    public void close() throws IOException {
        endpoint.close();
    }
}
