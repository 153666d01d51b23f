package io.drydock.docker.engine.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import io.drydock.spec.engine.LogQuery;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each driver sends what its receivers know, and the lines stay readable here. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LogDriverTest {
    private static final Instant TIME = Infos.TIME;
    private static final String ID = Infos.ID;

    private final Linux linux = Linux.system();

    @TempDir
    Path directory;

    private LogInfo info(String driver, Map<String, String> options) {
        return Infos.web(driver, options, directory);
    }

    private static void line(ContainerLog log, int stream, String text, boolean partial) {
        byte[] bytes = text.getBytes(UTF_8);
        log.append(stream, bytes, 0, bytes.length, partial, TIME);
    }

    private List<String> kept(LogInfo info) throws Exception {
        var lines = new ArrayList<String>();
        var readable = Objects.requireNonNull(LogDriver.readable(info));
        var query = new LogQuery(true, true, false, null, null, -1);
        new RotatedLogReader(
                        readable.file(),
                        readable.format(),
                        null,
                        query,
                        message -> lines.add(message.stream() + " " + new String(message.line(), UTF_8)))
                .run();
        return lines;
    }

    @Test
    void jsonFileCarriesWhatTheOptionsChoose() throws Exception {
        var options = Map.of("labels", "team", "env-regex", "^REG", "tag", "{{.Name}}/{{.ID}}");
        var info = info("json-file", options);
        try (var log = LogDriver.open(info, linux)) {
            line(log, 1, "hello", false);
        }
        assertThat(directory.resolve(ID + "-json.log"))
                .content()
                .isEqualTo("{\"log\":\"hello\\n\",\"stream\":\"stdout\",\"attrs\":{\"REGION\":\"eu\",\"tag\":"
                        + "\"web/0123456789ab\",\"team\":\"blue\"},\"time\":\"2024-05-06T07:08:09.12Z\"}\n");
    }

    @Test
    void localKeepsRecordsThatCanBeReadFromBothEnds() throws Exception {
        java.nio.file.Files.createDirectories(directory.resolve("local-logs"));
        var info = info("local", Map.of());
        try (var log = LogDriver.open(info, linux)) {
            for (int i = 0; i < 20; i++) {
                line(log, 1 + i % 2, "line " + i, i == 19);
            }
        }
        assertThat(kept(info))
                .hasSize(20)
                .startsWith("1 line 0\n", "2 line 1\n")
                .endsWith("2 line 19");
        var last = new ArrayList<String>();
        var readable = Objects.requireNonNull(LogDriver.readable(info));
        new RotatedLogReader(
                        readable.file(),
                        readable.format(),
                        null,
                        new LogQuery(true, true, false, null, null, 2),
                        message -> last.add(new String(message.line(), UTF_8)))
                .run();
        assertThat(last).containsExactly("line 18\n", "line 19");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''           | <30>.{15} web\\[\\d+]: one\\n<27>.{15} web\\[\\d+]: two\\n
            rfc3164      | <30>.{15} \\S+ web\\[\\d+]: one\\n<27>.{15} \\S+ web\\[\\d+]: two\\n
            rfc5424      | <30>1 \\S{20,25} \\S+ web \\d+ web - one\\n<27>1 .* - two\\n
            rfc5424micro | <30>1 \\S{27,32} \\S+ web \\d+ web - one\\n<27>1 .* - two\\n
            """)
    void syslogByTcp(String format, String expected) throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var received = received(server);
            var options = new HashMap<>(
                    Map.of("syslog-address", "tcp://127.0.0.1:" + server.getLocalPort(), "tag", "{{.Name}}"));
            if (!format.isEmpty()) {
                options.put("syslog-format", format);
            }
            var info = info("syslog", options);
            try (var log = LogDriver.open(info, linux)) {
                line(log, 1, "one", false);
                line(log, 2, "two", false);
            }
            assertThat(new String(received.get(30, TimeUnit.SECONDS), UTF_8)).matches(expected);
            assertThat(kept(info)).containsExactly("1 one\n", "2 two\n");
        }
    }

    private static CompletableFuture<byte[]> received(ServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            try (var socket = server.accept()) {
                return socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void gelfByUdpInChunks() throws Exception {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(30_000);
            var info =
                    info("gelf", Map.of("gelf-address", "udp://127.0.0.1:" + socket.getLocalPort(), "labels", "team"));
            var random = new java.util.Random(1);
            var noise = new StringBuilder();
            random.ints(6000, '!', 'z').forEach(c -> noise.append((char) c));
            try (var log = LogDriver.open(info, linux)) {
                line(log, 1, "short", false);
                line(log, 2, noise.toString(), false);
            }
            assertThat(unpacked(datagram(socket)))
                    .contains("\"version\":\"1.1\"", "\"short_message\":\"short\"", "\"timestamp\":1714979289.120")
                    .contains("\"level\":6", "\"_container_name\":\"web\"", "\"_team\":\"blue\"");
            var all = new java.io.ByteArrayOutputStream();
            byte[] first = datagram(socket);
            assertThat(first).startsWith(0x1e, 0x0f);
            int count = first[11];
            all.write(first, 12, first.length - 12);
            for (int i = 1; i < count; i++) {
                byte[] next = datagram(socket);
                assertThat(next[10]).isEqualTo((byte) i);
                all.write(next, 12, next.length - 12);
            }
            assertThat(count).isGreaterThan(1);
            assertThat(unpacked(all.toByteArray())).contains("\"level\":3");
        }
    }

    private static byte[] datagram(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static String unpacked(byte[] bytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void gelfByTcpEndsEachMessageWithAZero() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var received = received(server);
            var info = info("gelf", Map.of("gelf-address", "tcp://127.0.0.1:" + server.getLocalPort()));
            try (var log = LogDriver.open(info, linux)) {
                line(log, 1, "a", false);
                line(log, 1, "b", false);
            }
            String[] messages = new String(received.get(30, TimeUnit.SECONDS), UTF_8).split("\0");
            assertThat(messages).hasSize(2);
            assertThat(messages[1]).contains("\"short_message\":\"b\"").endsWith("}");
        }
    }

    @Test
    void fluentdByTheForwardProtocol() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var received = received(server);
            var info = info(
                    "fluentd",
                    Map.of("fluentd-address", "127.0.0.1:" + server.getLocalPort(), "tag", "docker.{{.Name}}"));
            try (var log = LogDriver.open(info, linux)) {
                line(log, 2, "oops", true);
            }
            byte[] message = received.get(30, TimeUnit.SECONDS);
            assertThat(message[0]).isEqualTo((byte) 0x93);
            String text = new String(message, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .contains(
                            "docker.web", "container_id", ID, "source\u00a6stderr", "log\u00a4oops", "partial_message");
        }
    }

    @Test
    void journaldByItsNativeProtocol() throws Exception {
        String path = directory.resolve("j").toString();
        try (var socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0)) {
            linux.sockets().bindUnix(socket, path);
            try (var sink = JournaldSink.open(info("journald", Map.of("env", "REGION")), linux, path)) {
                sink.send(new LogSink.Line(2, "two\nlines".getBytes(UTF_8), false, TIME));
            }
            var buffer = ByteBuffer.allocateDirect(65536);
            linux.sockets().receive(socket, buffer, 0);
            buffer.flip();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            assertThat(new String(bytes, UTF_8))
                    .startsWith("MESSAGE\n\t\0\0\0\0\0\0\0two\nlines\nPRIORITY=3\n")
                    .contains("CONTAINER_NAME=web\n", "CONTAINER_ID_FULL=" + ID + "\n", "REGION=eu\n");
        }
    }

    @Test
    void aReceiverThatDoesNotReadHoldsNobodyForEver() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var options = Map.of(
                    "syslog-address",
                    "tcp://127.0.0.1:" + server.getLocalPort(),
                    "mode",
                    "non-blocking",
                    "max-buffer-size",
                    "64k");
            var info = info("syslog", options);
            var log = LogDriver.open(info, linux);
            for (int i = 0; i < 200; i++) {
                line(log, 1, "x".repeat(16_000), false);
            }
            log.close();
            assertThat(kept(info)).hasSize(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nope      | a=b                          | error looking up logging plugin nope: plugin "nope" not found
            splunk    | a=b                          | unknown log opt 'a' for splunk log driver
            awslogs   | a=b                          | unknown log opt 'a' for awslogs log driver
            awslogs   | tag=x                        | must specify a value for log opt 'awslogs-group'
            gcplogs   | a=b                          | "a" is not a valid option for the gcplogs driver
            logentries | a=b                         | error looking up logging plugin logentries: plugin "logentries" not found
            json-file | nope=1                       | unknown log opt 'nope' for json-file log driver
            local     | labels=a                     | unknown log opt 'labels' for log driver local
            journald  | nope=1                       | unknown log opt 'nope' for journald log driver
            json-file | mode=x                       | logger: logging mode not supported: x
            json-file | max-buffer-size=1m           | logger: max-buffer-size option is only supported with 'mode=non-blocking'
            syslog    | syslog-address=nope://x      | syslog-address should be in form proto://address, got nope://x
            syslog    | syslog-facility=nope         | invalid syslog facility
            syslog    | syslog-format=nope           | Invalid syslog format
            gelf      | tag=x                        | gelf-address is a required parameter
            gelf      | gelf-address=http://x:1      | gelf-address should be in form proto://address, got http://x:1
            gelf      | gelf-address=udp://x         | gelf: please provide gelf-address as proto://host:port
            fluentd   | fluentd-retry-wait=x         | time: invalid duration "x"
            fluentd   | fluentd-buffer-limit=x       | invalid size: 'x'
            """)
    void refusesInTheOriginalsWords(String driver, String option, String words) {
        int equals = option.indexOf('=');
        var options = Map.of(option.substring(0, equals), option.substring(equals + 1));

        assertThatThrownBy(() -> LogDriver.check(driver, options)).hasMessage(words);
    }

    @Test
    void findsATimeWithoutReadingFromTheStart() throws Exception {
        var path = directory.resolve("big.log");
        try (var log = RotatedLog.open(path, Rotation.NONE, LogFormat.JSON_LINES, Map.of())) {
            for (int i = 0; i < 20_000; i++) {
                byte[] text = ("line " + i).getBytes(UTF_8);
                log.append(1, text, 0, text.length, false, TIME.plusSeconds(i));
            }
        }
        try (var file = java.nio.channels.FileChannel.open(path)) {
            long at = LogFormat.JSON_LINES.since(file, file.size(), TIME.plusSeconds(15_000));
            assertThat(at).isBetween(file.size() * 65 / 100, file.size() * 76 / 100);
        }
        var seen = new ArrayList<String>();
        var query = new LogQuery(true, true, false, TIME.plusSeconds(19_998), null, -1);
        new RotatedLogReader(path, LogFormat.JSON_LINES, null, query, m -> seen.add(new String(m.line(), UTF_8))).run();
        assertThat(seen).containsExactly("line 19998\n", "line 19999\n");
    }
}
