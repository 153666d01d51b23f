package io.drydock.docker.engine.log;

import io.drydock.linux.Linux;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sends lines to a syslog receiver, as RFC 3164 or RFC 5424 write them. */
final class SyslogSink implements LogSink {
    private static final int INFO = 6;
    private static final int ERROR = 3;
    private static final int ATTEMPTS = 3;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");

    private final SyslogOptions options;
    private final String tag;
    private final String host = Hosts.name();
    private final long pid = ProcessHandle.current().pid();
    private final Endpoint endpoint;

    private SyslogSink(SyslogOptions options, String tag, Endpoint endpoint) {
        this.options = options;
        this.tag = tag;
        this.endpoint = endpoint;
    }

    static SyslogSink open(LogInfo info, Linux linux) throws IOException {
        var options = SyslogOptions.parse(info);
        var endpoint = new Reconnecting(() -> connect(info, options, linux), ATTEMPTS, Duration.ofMillis(100));
        return new SyslogSink(options, LogTag.of(info), endpoint.connected());
    }

    private static Endpoint connect(LogInfo info, SyslogOptions options, Linux linux) throws IOException {
        return switch (options.scheme()) {
            case "udp" -> Endpoint.udp(options.host(), options.port());
            case "tcp" -> Endpoint.tcp(options.host(), options.port());
            case "tcp+tls" -> TlsEndpoint.open(options.host(), options.port(), info);
            case "unix" -> Endpoint.unix(options.path());
            default -> Endpoint.unixDatagram(linux, options.path());
        };
    }

    @Override
    public void send(Line line) throws IOException {
        byte[] head = head(line).getBytes(StandardCharsets.UTF_8);
        var message = new ByteArrayOutputStream(head.length + line.text().length + 8);
        int length = head.length + line.text().length + 1;
        boolean counted = options.scheme().equals("tcp+tls") && isNew();
        if (counted) {
            message.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
        }
        message.writeBytes(head);
        message.writeBytes(line.text());
        message.write('\n');
        endpoint.send(message.toByteArray());
    }

    private boolean isNew() {
        return options.style() == SyslogOptions.Style.RFC5424 || options.style() == SyslogOptions.Style.RFC5424_MICRO;
    }

    private String head(Line line) {
        var time = Instant.now().atZone(ZoneId.systemDefault());
        String priority = "<" + (options.facility() * 8 + (line.stream() == 2 ? ERROR : INFO)) + ">";
        return switch (options.style()) {
            case UNIX -> priority + STAMP.format(time) + " " + tag + "[" + pid + "]: ";
            case RFC3164 -> priority + STAMP.format(time) + " " + host + " " + tag + "[" + pid + "]: ";
            case RFC5424 -> priority + "1 " + SECONDS.format(time) + rest();
            case RFC5424_MICRO -> priority + "1 " + MICROS.format(time) + rest();
        };
    }

    private String rest() {
        return " " + host + " " + tag + " " + pid + " " + tag + " - ";
    }

    @Override
    public void close() throws IOException {
        endpoint.close();
    }
}
