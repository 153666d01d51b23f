package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where and how events go to Splunk's HTTP Event Collector.
 *
 * @param collector where events are posted
 * @param tag empty for none
 * @param level of compression, 0 to 9 or -1 for the usual one
 * @param linger how long an event may wait for others
 * @param batch how many events go at once
 * @param most how many events may wait for a collector that does not take them
 */
record SplunkOptions(
        URI collector,
        String token,
        Tls tls,
        Format format,
        String tag,
        boolean verified,
        boolean gzip,
        int level,
        boolean acknowledged,
        Duration linger,
        int batch,
        int most) {
    private static final Logger LOG = LoggerFactory.getLogger(SplunkOptions.class);
    private static final String ENVIRONMENT = "SPLUNK_LOGGING_DRIVER_";

    /** What an event is made of. */
    enum Format {
        /** An object with the line as text. */
        INLINE,
        /** An object with the line as JSON, if it is. */
        JSON,
        /** The line behind the tag and the attributes. */
        RAW
    }

    /**
     * Reads the options.
     *
     * @param environment may set how events are collected, as with the original
     * @throws EngineException INVALID with the original's words
     */
    static SplunkOptions parse(LogInfo info, Map<String, String> environment) {
        var collector = collector(info);
        String token = info.options().get("splunk-token");
        if (token == null) {
            throw EngineException.invalid("splunk: splunk-token is expected");
        }
        var tls = new Tls(
                info.option("splunk-capath", ""),
                "",
                "",
                flag(info, "splunk-insecureskipverify", false),
                info.option("splunk-caname", ""));
        String wanted = info.option("tag", "{{.ID}}");
        int batch = number(environment, "POST_MESSAGES_BATCH_SIZE", 1000);
        return new SplunkOptions(
                collector,
                token,
                tls,
                format(info),
                wanted.isEmpty() ? "" : LogTag.of(info, wanted),
                flag(info, "splunk-verify-connection", true),
                flag(info, "splunk-gzip", false),
                level(info.option("splunk-gzip-level", "-1")),
                flag(info, "splunk-index-acknowledgment", false),
                linger(environment),
                batch,
                number(environment, "BUFFER_MAX", 10 * 1000));
    }

    private static URI collector(LogInfo info) {
        String text = info.options().get("splunk-url");
        if (text == null) {
            throw EngineException.invalid("splunk: splunk-url is expected");
        }
        try {
            var url = URI.create(text);
            String scheme = String.valueOf(url.getScheme());
            String path = String.valueOf(url.getPath());
            boolean bare = (path.isEmpty() || path.equals("/")) && url.getQuery() == null && url.getFragment() == null;
            if (bare && (scheme.equals("http") || scheme.equals("https")) && url.getHost() != null) {
                return url.resolve("/services/collector/event/1.0");
            }
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid("splunk: failed to parse " + text + " as url value in splunk-url");
        }
        throw EngineException.invalid("splunk: expected format scheme://dns_name_or_ip:port for splunk-url");
    }

    private static Format format(LogInfo info) {
        String text = info.option("splunk-format", "inline");
        return switch (text) {
            case "inline" -> Format.INLINE;
            case "json" -> Format.JSON;
            case "raw" -> Format.RAW;
            default ->
                throw EngineException.invalid(
                        "unknown format specified " + text + ", supported formats are inline, json and raw");
        };
    }

    private static boolean flag(LogInfo info, String name, boolean otherwise) {
        return Rotation.bool(info.option(name, Boolean.toString(otherwise)));
    }

    private static int level(String text) {
        try {
            int level = Integer.parseInt(text);
            if (level >= -1 && level <= 9) {
                return level;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
        throw EngineException.invalid(
                "not supported level '" + text + "' for splunk-gzip-level (supported values between -1 and 9)");
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(ENVIRONMENT + name, "");
        try {
            return text.isEmpty() ? otherwise : Math.max(1, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            LOG.error("Failed to parse value of {}{} as integer. Using default {}.", ENVIRONMENT, name, otherwise);
            return otherwise;
        }
    }

    private static Duration linger(Map<String, String> environment) {
        String name = ENVIRONMENT + "POST_MESSAGES_FREQUENCY";
        String text = environment.getOrDefault(name, "");
        try {
            return Durations.parse(text.isEmpty() ? "5s" : text);
        } catch (EngineException e) {
            LOG.error("Failed to parse value of {} as duration. Using default 5s. {}", name, e.getMessage());
            return Duration.ofSeconds(5);
        }
    }
}
