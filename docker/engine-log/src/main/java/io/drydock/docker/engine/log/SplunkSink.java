package io.drydock.docker.engine.log;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts lines to Splunk's HTTP Event Collector, many at once. What the collector does not take is kept and tried again; when
 * too much is kept, the oldest goes into the daemon's own log.
 */
final class SplunkSink implements LogSink {
    private static final Logger LOG = LoggerFactory.getLogger(SplunkSink.class);
    private static final Jsonb JSON = Jsonb.instance();

    private final SplunkOptions options;
    private final HttpReceiver receiver;
    private final Map<String, Object> envelope = new LinkedHashMap<>();
    private final Map<String, String> attributes;
    private final String marker = UUID.randomUUID().toString();
    private final ArrayDeque<byte[]> events = new ArrayDeque<>();

    private SplunkSink(LogInfo info, SplunkOptions options, HttpReceiver receiver) {
        this.options = options;
        this.receiver = receiver;
        this.attributes = LogAttributes.of(info, name -> name);
        envelope.put("host", Hosts.name());
        for (String name : new String[] {"source", "sourcetype", "index"}) {
            String value = info.option("splunk-" + name, "");
            if (!value.isEmpty()) {
                envelope.put(name, value);
            }
        }
    }

    static SplunkSink open(LogInfo info, Map<String, String> environment) throws IOException {
        var options = SplunkOptions.parse(info, environment);
        try {
            var sink =
                    new SplunkSink(info, options, new HttpReceiver(options.tls().context()));
            if (options.verified()) {
                sink.verify();
            }
            return sink;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }

    private void verify() throws IOException {
        var answer = receiver.ask(
                HttpRequest.newBuilder(options.collector()).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        if (answer.status() != 200) {
            receiver.close();
            throw new IOException("splunk: failed to verify connection - " + answer.words());
        }
    }

    @Override
    public Duration linger() {
        return options.linger();
    }

    @Override
    public void send(Line line) throws IOException {
        String text = new String(line.text(), StandardCharsets.UTF_8);
        if (options.format() == SplunkOptions.Format.RAW && text.isBlank()) {
            return; // the collector takes no empty events
        }
        String time = String.format(Locale.ROOT, "%.6f", seconds(line.time()));
        String rest = JSON.toJson(envelope);
        String event = "{\"event\":" + event(line, text) + ",\"time\":\"" + time + "\"," + rest.substring(1);
        events.addLast(event.getBytes(StandardCharsets.UTF_8));
        if (events.size() % options.batch() == 0) {
            flush();
        }
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1e9;
    }

    private String event(Line line, String text) {
        if (options.format() == SplunkOptions.Format.RAW) {
            var prefix = new StringBuilder(options.tag().isEmpty() ? "" : options.tag() + " ");
            attributes.forEach((name, value) ->
                    prefix.append(name).append('=').append(value).append(' '));
            return JSON.toJson(prefix + text);
        }
        var rest = new LinkedHashMap<String, Object>();
        rest.put("source", line.stream() == 2 ? "stderr" : "stdout");
        if (!options.tag().isEmpty()) {
            rest.put("tag", options.tag());
        }
        if (!attributes.isEmpty()) {
            rest.put("attrs", attributes);
        }
        boolean asItIs = options.format() == SplunkOptions.Format.JSON && isJson(text);
        return "{\"line\":" + (asItIs ? text : JSON.toJson(text)) + ","
                + JSON.toJson(rest).substring(1);
    }

    /** The parser does not mind what follows a value, so the line is to be the first of two that nobody could have written. */
    private boolean isJson(String text) {
        try {
            var values = JSON.type(Object.class).list().fromJson("[" + text + ",\"" + marker + "\"]");
            return values.size() == 2 && marker.equals(values.getLast());
        } catch (JsonException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    @Override
    public void flush() throws IOException {
        while (!events.isEmpty()) {
            var body = new ByteArrayOutputStream();
            int count = 0;
            for (byte[] event : events) {
                if (count == options.batch()) {
                    break;
                }
                body.writeBytes(event);
                count++;
            }
            try {
                post(body.toByteArray());
            } catch (IOException e) {
                if (events.size() >= options.most()) {
                    drop(count);
                }
                throw e;
            }
            remove(count);
        }
    }

    private void post(byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(options.collector()).header("Authorization", "Splunk " + options.token());
        if (options.gzip()) {
            request.header("Content-Encoding", "gzip");
        }
        if (options.acknowledged()) {
            request.header("X-Splunk-Request-Channel", UUID.randomUUID().toString());
        }
        byte[] sent = options.gzip() ? LevelGzip.pack(body, options.level()) : body;
        var answer = receiver.ask(request.POST(HttpRequest.BodyPublishers.ofByteArray(sent)));
        if (answer.status() != 200) {
            throw new IOException("splunk: failed to send event - " + answer.words());
        }
    }

    private void drop(int count) {
        for (int i = 0; i < count; i++) {
            LOG.error("Failed to send a message: {}", new String(events.removeFirst(), StandardCharsets.UTF_8));
        }
    }

    private void remove(int count) {
        for (int i = 0; i < count; i++) {
            events.removeFirst();
        }
    }

    @Override
    public void close() {
        drop(events.size());
        receiver.close();
    }
}
