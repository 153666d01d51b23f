package io.drydock.docker.engine.log;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts lines into a stream of Amazon CloudWatch Logs, within the limits of {@code PutLogEvents} (API reference of CloudWatch
 * Logs, version 2014-03-28). With a pattern, lines are put together to events that begin where it matches.
 */
final class CloudWatchSink implements LogSink {
    private static final Jsonb JSON = Jsonb.instance();
    private static final String TARGET = "Logs_20140328.";
    private static final int EVENT_COST = 26;
    private static final int MOST_EVENT_BYTES = 262_144 - EVENT_COST;
    private static final int MOST_BYTES = 1_048_576;
    private static final int MOST_EVENTS = 10_000;

    private record Event(long millis, String message) {}

    private final CloudWatchOptions options;
    private final AwsCredentials credentials;
    private final AwsSignature signature;
    private final HttpReceiver http;
    private final List<Event> batch = new ArrayList<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long openSince;
    private int batchBytes;

    private CloudWatchSink(CloudWatchOptions options, AwsCredentials credentials, HttpReceiver http) {
        this.options = options;
        this.credentials = credentials;
        this.signature = new AwsSignature(options.region(), "logs");
        this.http = http;
    }

    static CloudWatchSink open(LogInfo info, Map<String, String> environment, AwsCredentials.Services services)
            throws IOException {
        var options = CloudWatchOptions.parse(info, environment);
        var http = new HttpReceiver(null);
        var credentials =
                new AwsCredentials(environment, info.option("awslogs-credentials-endpoint", ""), services, http);
        var sink = new CloudWatchSink(options, credentials, http);
        try {
            sink.create();
            return sink;
        } catch (IOException e) {
            http.close();
            throw e;
        }
    }

    /** Makes the stream, and the group if that is what it lacks. */
    private void create() throws IOException {
        if (!options.createStream()) {
            return;
        }
        var stream = Map.<String, Object>of("logGroupName", options.group(), "logStreamName", options.stream());
        try {
            ask("CreateLogStream", stream, "ResourceAlreadyExistsException");
        } catch (ServiceException e) {
            if (!options.createGroup() || !e.code.equals("ResourceNotFoundException")) {
                throw e;
            }
            ask("CreateLogGroup", Map.of("logGroupName", options.group()), "ResourceAlreadyExistsException");
            ask("CreateLogStream", stream, "ResourceAlreadyExistsException");
        }
    }

    /** What the service refuses, and how it calls that. */
    private static final class ServiceException extends IOException {
        private static final long serialVersionUID = 1;
        private final String code;

        ServiceException(String action, String code, String message) {
            super("operation error CloudWatch Logs: " + action + ", " + code + ": " + message);
            this.code = code;
        }
    }

    /**
     * @param harmless the error that is none
     */
    private void ask(String action, Map<String, Object> input, String harmless) throws IOException {
        byte[] body = JSON.toJson(input).getBytes(StandardCharsets.UTF_8);
        var headers = new TreeMap<String, String>();
        headers.put("content-type", "application/x-amz-json-1.1");
        headers.put("x-amz-target", TARGET + action);
        if (!options.format().isEmpty()) {
            headers.put("x-amzn-logs-format", options.format());
        }
        Instant now = Instant.now();
        var request = HttpRequest.newBuilder(options.endpoint()).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        signature
                .sign("POST", options.endpoint(), headers, body, credentials.keys(now), now)
                .forEach(request::header);
        var answer = http.ask(request);
        if (!answer.isOk()) {
            var failure = failure(action, answer);
            if (!failure.code.equals(harmless)) {
                throw failure;
            }
        }
    }

    private static ServiceException failure(String action, HttpReceiver.Answer answer) {
        try {
            var fields = JSON.type(Object.class).map().fromJson(answer.body());
            String type = String.valueOf(fields.getOrDefault("__type", answer.status()));
            Object message = fields.getOrDefault("message", fields.getOrDefault("Message", ""));
            return new ServiceException(action, type.substring(type.indexOf('#') + 1), String.valueOf(message));
        } catch (JsonException | IndexOutOfBoundsException e) {
            return new ServiceException(action, Integer.toString(answer.status()), answer.words());
        }
    }

    @Override
    public Duration linger() {
        return options.linger();
    }

    @Override
    public void send(Line line) throws IOException {
        long millis = line.time().toEpochMilli();
        if (options.begin() == null) {
            add(millis, new String(line.text(), StandardCharsets.UTF_8));
            return;
        }
        boolean begins = options.begin()
                .matcher(new String(line.text(), StandardCharsets.UTF_8))
                .find();
        if (begins || open.size() + line.text().length >= MOST_EVENT_BYTES) {
            closeEvent();
        }
        if (open.size() == 0) {
            openSince = millis;
        }
        open.writeBytes(line.text());
        open.write('\n');
    }

    private void closeEvent() throws IOException {
        if (open.size() > 0) {
            String text = open.toString(StandardCharsets.UTF_8);
            open.reset();
            add(openSince, text);
        }
    }

    /** The service counts bytes of UTF-8; a longer text becomes several events. */
    private void add(long millis, String text) throws IOException {
        int start = 0;
        int bytes = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            int cost = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes + cost > MOST_EVENT_BYTES) {
                event(millis, text.substring(start, i), bytes);
                start = i;
                bytes = 0;
            }
            bytes += cost;
            i += Character.charCount(point);
        }
        if (bytes > 0) {
            event(millis, text.substring(start), bytes);
        }
    }

    private void event(long millis, String text, int bytes) throws IOException {
        if (batch.size() == MOST_EVENTS || batchBytes + bytes + EVENT_COST > MOST_BYTES) {
            put();
        }
        batch.add(new Event(millis, text));
        batchBytes += bytes + EVENT_COST;
    }

    @Override
    public void flush() throws IOException {
        closeEvent();
        put();
    }

    private void put() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        var events = batch.stream()
                .sorted(Comparator.comparingLong(Event::millis))
                .map(event -> Map.<String, Object>of("timestamp", event.millis(), "message", event.message()))
                .toList();
        // as with the original, what the service does not take is lost
        batch.clear();
        batchBytes = 0;
        var input = new LinkedHashMap<String, Object>();
        input.put("logGroupName", options.group());
        input.put("logStreamName", options.stream());
        input.put("logEvents", events);
        ask("PutLogEvents", input, "DataAlreadyAcceptedException");
    }

    @Override
    public void close() {
        http.close();
    }
}
