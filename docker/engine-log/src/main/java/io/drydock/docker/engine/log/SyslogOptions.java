package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.util.List;

/**
 * Where and how syslog messages go.
 *
 * @param scheme {@code unix}, {@code unixgram}, {@code udp}, {@code tcp}, {@code tcp+tls}; empty for this machine's own
 * @param host of the receiver; empty for sockets of this machine
 * @param port of the receiver
 * @param path of a socket of this machine; empty for others
 * @param facility 0 to 23
 */
record SyslogOptions(String scheme, String host, int port, String path, int facility, Style style) {
    private static final int PORT = 514;
    private static final int DAEMON = 3;
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "",
            "",
            "",
            "",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    /** How a message is written. */
    enum Style {
        UNIX,
        RFC3164,
        RFC5424,
        RFC5424_MICRO
    }

    static SyslogOptions parse(LogInfo info) {
        var style =
                switch (info.option("syslog-format", "")) {
                    case "" -> Style.UNIX;
                    case "rfc3164" -> Style.RFC3164;
                    case "rfc5424" -> Style.RFC5424;
                    case "rfc5424micro" -> Style.RFC5424_MICRO;
                    default -> throw EngineException.invalid("Invalid syslog format");
                };
        int facility = facility(info.option("syslog-facility", ""));
        String address = info.option("syslog-address", "");
        if (address.isEmpty()) {
            return new SyslogOptions("", "", 0, "/dev/log", facility, style);
        }
        int end = address.indexOf("://");
        String scheme = end < 0 ? "" : address.substring(0, end);
        String rest = end < 0 ? "" : address.substring(end + 3);
        return switch (scheme) {
            case "unix", "unixgram" -> new SyslogOptions(scheme, "", 0, rest, facility, style);
            case "udp", "tcp", "tcp+tls" -> {
                var target = HostPort.parse(rest, PORT);
                yield new SyslogOptions(scheme, target.host(), target.port(), "", facility, style);
            }
            default ->
                throw EngineException.invalid("syslog-address should be in form proto://address, got " + address);
        };
    }

    private static int facility(String text) {
        if (text.isEmpty()) {
            return DAEMON;
        }
        int known = FACILITIES.indexOf(text);
        if (known >= 0) {
            return known;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number < FACILITIES.size()) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid syslog facility");
        }
        throw EngineException.invalid("invalid syslog facility");
    }
}
