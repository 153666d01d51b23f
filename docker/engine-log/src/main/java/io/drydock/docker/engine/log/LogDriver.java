package io.drydock.docker.engine.log;

import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The log drivers: which options each takes, and what it makes of a container's lines. */
public enum LogDriver {
    JSON_FILE("json-file", "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag"),
    LOCAL("local", "max-size", "max-file", "compress"),
    NONE("none"),
    SYSLOG(
            "syslog",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "syslog-address",
            "syslog-facility",
            "syslog-format",
            "syslog-tls-ca-cert",
            "syslog-tls-cert",
            "syslog-tls-key",
            "syslog-tls-skip-verify"),
    GELF(
            "gelf",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "gelf-address",
            "gelf-compression-level",
            "gelf-compression-type",
            "gelf-tcp-max-reconnect",
            "gelf-tcp-reconnect-delay"),
    FLUENTD(
            "fluentd",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "fluentd-address",
            "fluentd-async",
            "fluentd-async-connect",
            "fluentd-buffer-limit",
            "fluentd-max-retries",
            "fluentd-request-ack",
            "fluentd-retry-wait",
            "fluentd-sub-second-precision"),
    JOURNALD("journald", "labels", "labels-regex", "env", "env-regex", "tag"),
    SPLUNK(
            "splunk",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "splunk-url",
            "splunk-token",
            "splunk-source",
            "splunk-sourcetype",
            "splunk-index",
            "splunk-capath",
            "splunk-caname",
            "splunk-insecureskipverify",
            "splunk-format",
            "splunk-verify-connection",
            "splunk-gzip",
            "splunk-gzip-level",
            "splunk-index-acknowledgment"),
    AWSLOGS(
            "awslogs",
            "tag",
            "awslogs-region",
            "awslogs-endpoint",
            "awslogs-group",
            "awslogs-stream",
            "awslogs-create-group",
            "awslogs-create-stream",
            "awslogs-datetime-format",
            "awslogs-multiline-pattern",
            "awslogs-credentials-endpoint",
            "awslogs-force-flush-interval-seconds",
            "awslogs-max-buffered-events",
            "awslogs-format"),
    GCPLOGS(
            "gcplogs",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "gcp-project",
            "gcp-log-cmd",
            "gcp-meta-zone",
            "gcp-meta-name",
            "gcp-meta-id");

    private static final long RING = 1 << 20;
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final Set<String> CACHE =
            Set.of("cache-disabled", "cache-max-size", "cache-max-file", "cache-compress");

    private final String word;
    private final Set<String> options;

    LogDriver(String word, String... options) {
        this.word = word;
        this.options = Set.of(options);
    }

    /** The names of all. */
    public static List<String> names() {
        return java.util.Arrays.stream(values())
                .map(driver -> driver.word)
                .sorted()
                .toList();
    }

    /** The driver of that name. */
    public static LogDriver of(String name) {
        for (LogDriver driver : values()) {
            if (driver.word.equals(name)) {
                return driver;
            }
        }
        throw EngineException.invalid(
                "error looking up logging plugin " + name + ": plugin \"" + name + "\" not found");
    }

    /** Refuses what the original refuses when a container is created; some values are looked at only when it starts. */
    public static void check(String name, Map<String, String> options) {
        var driver = of(name);
        if (driver == NONE) {
            return;
        }
        checkMode(options);
        var info = new LogInfo(
                name, options, "", "", "", "", java.time.Instant.EPOCH, List.of(), Map.of(), List.of(), Path.of(""));
        if (driver == GELF) {
            GelfSink.check(info);
        }
        var known = new HashSet<>(driver.options);
        known.addAll(Set.of("mode", "max-buffer-size"));
        if (driver != JSON_FILE && driver != LOCAL) {
            known.addAll(CACHE);
        }
        for (String option : options.keySet().stream().sorted().toList()) {
            if (!known.contains(option)) {
                throw EngineException.invalid(driver.unknown(option));
            }
        }
        if (driver == AWSLOGS) {
            CloudWatchOptions.check(info);
        } else if (driver == SYSLOG) {
            SyslogOptions.parse(info);
        } else if (driver == FLUENTD) {
            FluentdSink.check(info);
        } else if (driver == JSON_FILE || driver == LOCAL) {
            return;
        }
        Rotation.parse(options, "cache-", Rotation.LOCAL);
        LogAttributes.of(info, key -> key);
    }

    private String unknown(String option) {
        return switch (this) {
            case LOCAL -> "unknown log opt '" + option + "' for log driver local";
            case GCPLOGS -> '"' + option + "\" is not a valid option for the gcplogs driver";
            default -> "unknown log opt '" + option + "' for " + word + " log driver";
        };
    }

    private static void checkMode(Map<String, String> options) {
        String mode = options.getOrDefault("mode", "");
        if (!Set.of("", "blocking", "non-blocking").contains(mode)) {
            throw EngineException.invalid("logger: logging mode not supported: " + mode);
        }
        String size = options.get("max-buffer-size");
        if (size != null && !mode.equals("non-blocking")) {
            throw EngineException.invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
        }
        if (size != null) {
            Sizes.binary(size);
        }
    }

    /**
     * Opens a container's log.
     *
     * @throws EngineException SYSTEM if it cannot be, for example because the receiver does not answer
     */
    public static ContainerLog open(LogInfo info, Linux linux) {
        try {
            return of(info.driver()).start(info, linux);
        } catch (IOException e) {
            throw EngineException.system("failed to initialize logging driver: " + e.getMessage(), e);
        } catch (EngineException e) {
            throw EngineException.system("failed to initialize logging driver: " + e.getMessage(), e);
        }
    }

    private ContainerLog start(LogInfo info, Linux linux) throws IOException {
        return switch (this) {
            case NONE -> ContainerLog.NONE;
            case JSON_FILE, LOCAL -> RotatedLog.open(file(info), rotation(info), format(), attributes(info));
            case SYSLOG -> sending(SyslogSink.open(info, linux), info);
            case GELF -> sending(GelfSink.open(info), info);
            case FLUENTD -> sending(FluentdSink.open(info), info);
            case JOURNALD -> sending(JournaldSink.open(info, linux, JournaldSink.SOCKET), info);
            case SPLUNK -> sending(SplunkSink.open(info, System.getenv()), info);
            case AWSLOGS -> sending(CloudWatchSink.open(info, System.getenv(), AwsCredentials.Services.USUAL), info);
            case GCPLOGS -> sending(GoogleLogSink.open(info, System.getenv(), GoogleLogSink.SERVICE), info);
        };
    }

    private Rotation rotation(LogInfo info) {
        return Rotation.parse(info.options(), "", this == LOCAL ? Rotation.LOCAL : Rotation.NONE);
    }

    private LogFormat format() {
        return this == JSON_FILE ? LogFormat.JSON_LINES : LogFormat.RECORDS;
    }

    private Map<String, String> attributes(LogInfo info) {
        if (this == LOCAL) {
            return Map.of();
        }
        var attributes = LogAttributes.of(info, name -> name);
        if (!info.option("tag", "").isEmpty()) {
            attributes.put("tag", LogTag.of(info));
        }
        return attributes;
    }

    private static SinkLog sending(LogSink sink, LogInfo info) throws IOException {
        boolean blocking = !info.option("mode", "").equals("non-blocking");
        String size = info.options().get("max-buffer-size");
        long bytes = size == null ? RING : Sizes.binary(size);
        String events = info.options().get("awslogs-max-buffered-events"); // which no other driver has
        int lines = events == null ? NO_LIMIT : Integer.parseInt(events);
        return new SinkLog(sink, cache(info), new SinkLog.Limit(bytes, lines), blocking, info.shortId());
    }

    private static @Nullable RotatedLog cache(LogInfo info) throws IOException {
        if (hasNoCache(info.options())) {
            return null;
        }
        return RotatedLog.open(
                cacheFile(info.directory()),
                Rotation.parse(info.options(), "cache-", Rotation.LOCAL),
                LogFormat.RECORDS,
                Map.of());
    }

    private static boolean hasNoCache(Map<String, String> options) {
        return Rotation.bool(options.getOrDefault("cache-disabled", "false"));
    }

    private static Path cacheFile(Path directory) {
        return directory.resolve("container-cached.log");
    }

    private Path file(LogInfo info) {
        return this == JSON_FILE
                ? info.directory().resolve(info.id() + "-json.log")
                : info.directory().resolve("local-logs").resolve("container.log");
    }

    /** What a log that can be read is made of. */
    public record Readable(Path file, LogFormat format) {}

    /** Where the lines of a container can be read; null if they are not kept here. */
    public static @Nullable Readable readable(LogInfo info) {
        var driver = of(info.driver());
        return switch (driver) {
            case NONE -> null;
            case JSON_FILE, LOCAL -> new Readable(driver.file(info), driver.format());
            case SYSLOG, GELF, FLUENTD, JOURNALD, SPLUNK, AWSLOGS, GCPLOGS ->
                hasNoCache(info.options()) ? null : new Readable(cacheFile(info.directory()), LogFormat.RECORDS);
        };
    }

    /** The log's files while it is written; null if its lines are not kept here. */
    public static @Nullable RotatedLog live(ContainerLog log) {
        return switch (log) {
            case RotatedLog file -> file;
            case SinkLog sink -> sink.cache();
            default -> null;
        };
    }
}
