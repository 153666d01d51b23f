package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends lines by Fluentd's forward protocol: {@code [tag, time, record]} in MessagePack, one message a line. */
final class FluentdSink implements LogSink {
    private static final int PORT = 24224;
    private static final int RETRIES = 13;

    private final String tag;
    private final boolean nanos;
    private final Endpoint endpoint;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private FluentdSink(LogInfo info, Endpoint endpoint) {
        this.tag = LogTag.of(info);
        this.nanos = Rotation.bool(info.option("fluentd-sub-second-precision", "false"));
        this.endpoint = endpoint;
        fields.put("container_id", info.id());
        fields.put("container_name", "/" + info.name());
        fields.putAll(LogAttributes.of(info, name -> name));
    }

    /** Refuses options that make no sense, in the original's words. */
    static void check(LogInfo info) {
        target(info);
        if (info.options().containsKey("fluentd-buffer-limit")) {
            Sizes.binary(info.option("fluentd-buffer-limit", ""));
        }
        pause(info);
        retries(info);
        Rotation.bool(info.option("fluentd-sub-second-precision", "false"));
        isLazy(info);
        if (Rotation.bool(info.option("fluentd-request-ack", "false"))) {
            throw EngineException.notImplemented("log opt 'fluentd-request-ack' is not supported by this engine");
        }
    }

    /** Whether the container starts without a receiver. */
    private static boolean isLazy(LogInfo info) {
        return Rotation.bool(info.option("fluentd-async", info.option("fluentd-async-connect", "false")));
    }

    private static Duration pause(LogInfo info) {
        return Durations.parse(info.option("fluentd-retry-wait", "1s"));
    }

    private static int retries(LogInfo info) {
        String text = info.option("fluentd-max-retries", Integer.toString(RETRIES));
        try {
            return (int) Math.min(Integer.MAX_VALUE, Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** A socket of this machine, or a host and port. */
    private record Target(String path, HostPort address) {}

    private static Target target(LogInfo info) {
        String address = info.option("fluentd-address", "127.0.0.1:" + PORT);
        if (address.startsWith("unix://")) {
            return new Target(address.substring(7), new HostPort("", 0));
        }
        String rest = address.startsWith("tcp://") ? address.substring(6) : address;
        if (rest.contains("://")) {
            throw EngineException.invalid("invalid fluentd-address " + address + ": strconv.Atoi: parsing \""
                    + rest.substring(rest.indexOf(':') + 1) + "\": invalid syntax");
        }
        try {
            return new Target("", HostPort.parse(rest, PORT));
        } catch (EngineException e) {
            throw EngineException.invalid("invalid fluentd-address " + address + ": " + e.getMessage());
        }
    }

    static FluentdSink open(LogInfo info) throws IOException {
        check(info);
        var target = target(info);
        Reconnecting.Opening opening = () -> target.path().isEmpty()
                ? Endpoint.tcp(target.address().host(), target.address().port())
                : Endpoint.unix(target.path());
        var endpoint = new Reconnecting(opening, retries(info), pause(info));
        return new FluentdSink(info, isLazy(info) ? endpoint : endpoint.connected());
    }

    @Override
    public void send(Line line) throws IOException {
        var out = new MessagePack();
        out.array(3);
        out.text(tag);
        if (nanos) {
            out.time(line.time());
        } else {
            out.number(line.time().getEpochSecond());
        }
        out.map(fields.size() + (line.partial() ? 3 : 2));
        for (var field : fields.entrySet()) {
            out.text(field.getKey());
            out.text(field.getValue());
        }
        out.text("source");
        out.text(line.stream() == 2 ? "stderr" : "stdout");
        out.text("log");
        out.text(new String(line.text(), StandardCharsets.UTF_8));
        if (line.partial()) {
            out.text("partial_message");
            out.text("true");
        }
        endpoint.send(out.toByteArray());
    }

    @Override
    public void close() throws IOException {
        endpoint.close();
    }
}
