package io.drydock.docker.engine.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drydock.spec.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drivers that send lines by HTTP, against a server that writes down what it is asked. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpLogDriverTest {
    private static final Instant TIME = Infos.TIME;

    private record Asked(String method, String path, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, UTF_8);
        }
    }

    private record Answer(int status, String body) {}

    private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private HttpServer server;

    @TempDir
    Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = new HashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(new Asked(exchange.getRequestMethod(), path, headers, body));
        String action = headers.getOrDefault("x-amz-target", path);
        var answer = answers.getOrDefault(action, new Answer(200, "{}"));
        byte[] bytes = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private Asked next() throws InterruptedException {
        var request = asked.poll(30, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return request;
    }

    private LogInfo info(String driver, Map<String, String> options) {
        return Infos.web(driver, options, directory);
    }

    private static void send(LogSink sink, String... lines) throws IOException {
        for (String line : lines) {
            sink.send(new LogSink.Line(1, line.getBytes(UTF_8), false, TIME));
        }
    }

    private Map<String, String> splunk(String... more) {
        var options = new HashMap<>(Map.of("splunk-url", base().toString(), "splunk-token", "T0KEN"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "inline | {\"line\":\"{\\\"a\\\": 1}\",\"source\":\"stdout\",\"tag\":\"web\",\"attrs\":{\"team\":\"blue\"}}",
                "json   | {\"line\":{\"a\": 1},\"source\":\"stdout\",\"tag\":\"web\",\"attrs\":{\"team\":\"blue\"}}",
                "raw    | \"web team=blue {\\\"a\\\": 1}\""
            })
    void splunkPostsEventsInItsFormats(String format, String event) throws Exception {
        var options = splunk("splunk-format", format, "tag", "{{.Name}}", "labels", "team", "splunk-index", "main");
        try (var sink = SplunkSink.open(info("splunk", options), Map.of())) {
            assertThat(next().method()).isEqualTo("OPTIONS");
            send(sink, "{\"a\": 1}");
            assertThat(asked).as("put aside").isEmpty();
            sink.flush();
        }
        var request = next();
        assertThat(request.path()).isEqualTo("/services/collector/event/1.0");
        assertThat(request.headers()).containsEntry("authorization", "Splunk T0KEN");
        assertThat(request.text())
                .isEqualTo("{\"event\":" + event + ",\"time\":\"1714979289.120000\",\"host\":\"" + Hosts.name()
                        + "\",\"index\":\"main\"}");
    }

    @Test
    void splunkTakesWhatOnlyBeginsAsJsonForText() throws Exception {
        try (var sink = SplunkSink.open(info("splunk", splunk("splunk-format", "json")), Map.of())) {
            next();
            send(sink, "{\"a\": 1} and more", "[1, 2", "");
            sink.flush();
        }
        assertThat(next().text())
                .contains("\"line\":\"{\\\"a\\\": 1} and more\"")
                .contains("\"line\":\"[1, 2\"")
                .contains("\"line\":\"\"");
    }

    @Test
    void splunkSendsFullBatchesAtOnceCompressedAndOnAChannel() throws Exception {
        var options = splunk("splunk-gzip", "true", "splunk-index-acknowledgment", "1");
        var environment = Map.of("SPLUNK_LOGGING_DRIVER_POST_MESSAGES_BATCH_SIZE", "2");
        try (var sink = SplunkSink.open(info("splunk", options), environment)) {
            next();
            send(sink, "a", "b", "c");
            var request = next();
            assertThat(request.headers())
                    .containsEntry("content-encoding", "gzip")
                    .containsKey("x-splunk-request-channel");
            try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
                assertThat(new String(unpacked.readAllBytes(), UTF_8))
                        .contains("\"line\":\"a\"", "\"line\":\"b\"")
                        .doesNotContain("\"line\":\"c\"");
            }
        }
    }

    @Test
    void splunkKeepsWhatTheCollectorDoesNotTake() throws Exception {
        String path = "/services/collector/event/1.0";
        try (var sink = SplunkSink.open(info("splunk", splunk("splunk-verify-connection", "false")), Map.of())) {
            answers.put(path, new Answer(503, "busy"));
            send(sink, "a");
            assertThatThrownBy(sink::flush).hasMessage("splunk: failed to send event - 503 - busy");
            next();
            answers.remove(path);
            sink.flush();
            assertThat(next().text()).contains("\"line\":\"a\"");
        }
    }

    @Test
    void aWholeLogIsSentWhenItsContainerEnds() throws Exception {
        var info = info("splunk", splunk());
        try (var log = LogDriver.open(info, io.drydock.linux.Linux.system())) {
            next();
            log.append(2, "last words".getBytes(UTF_8), 0, 10, false, TIME);
            log.commit();
        }
        assertThat(next().text()).contains("\"line\":\"last words\",\"source\":\"stderr\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "splunk-token | | splunk: splunk-url is expected",
                "splunk-url | http://h/path | splunk: expected format scheme://dns_name_or_ip:port for splunk-url",
                "splunk-url | http://h:1 | splunk: splunk-token is expected",
            })
    void splunkSaysWhatIsMissing(String option, String value, String words) {
        var info = info("splunk", Map.of(option, value == null ? "" : value));
        assertThatThrownBy(() -> LogDriver.open(info, io.drydock.linux.Linux.system()))
                .isInstanceOf(EngineException.class)
                .hasMessage("failed to initialize logging driver: " + words);
    }

    private Map<String, String> aws(String... more) {
        var options = new HashMap<>(Map.of(
                "awslogs-endpoint", base().toString(), "awslogs-region", "eu-central-1", "awslogs-group", "shop"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", "ses");

    private CloudWatchSink cloudWatch(Map<String, String> options, Map<String, String> environment) throws IOException {
        return CloudWatchSink.open(
                info("awslogs", options),
                environment,
                new AwsCredentials.Services(base(), base().resolve("/machine/")));
    }

    @Test
    void awslogsMakesGroupAndStreamAndPutsEvents() throws Exception {
        answers.put(
                "Logs_20140328.CreateLogStream",
                new Answer(400, "{\"__type\":\"ResourceAlreadyExistsException\",\"message\":\"there\"}"));
        try (var sink = cloudWatch(aws("tag", "{{.Name}}/{{.ID}}"), KEYS)) {
            var create = next();
            assertThat(create.text()).contains("\"logGroupName\":\"shop\"", "\"logStreamName\":\"web/0123456789ab\"");
            assertThat(create.headers())
                    .containsEntry("x-amz-target", "Logs_20140328.CreateLogStream")
                    .containsEntry("x-amz-security-token", "ses");
            assertThat(create.headers().get("authorization"))
                    .matches("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/eu-central-1/logs/aws4_request,"
                            + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"
                            + " Signature=[0-9a-f]{64}");
            send(sink, "one", "two");
            sink.flush();
            assertThat(next().text()).contains("\"message\":\"one\"", "\"message\":\"two\"", "1714979289120");
        }
    }

    @Test
    void awslogsMakesTheGroupOnlyIfItMay() throws Exception {
        answers.put(
                "Logs_20140328.CreateLogStream",
                new Answer(400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no group\"}"));
        assertThatThrownBy(() -> cloudWatch(aws(), KEYS)).hasMessageContaining("ResourceNotFoundException: no group");
        assertThat(asked).hasSize(1);
        assertThatThrownBy(() -> cloudWatch(aws("awslogs-create-group", "true"), KEYS))
                .hasMessageContaining("CreateLogStream, ResourceNotFoundException");
        assertThat(asked.stream().map(request -> request.headers().get("x-amz-target")))
                .contains("Logs_20140328.CreateLogGroup");
    }

    @Test
    void awslogsPutsLinesTogetherThatBeginWithATime() throws Exception {
        try (var sink = cloudWatch(aws("awslogs-datetime-format", "%Y-%m-%d"), KEYS)) {
            next();
            send(sink, "2024-05-06 first", "  at there", "2024-05-07 second");
            sink.flush();
            assertThat(next().text())
                    .contains(
                            "\"message\":\"2024-05-06 first\\n  at there\\n\"", "\"message\":\"2024-05-07 second\\n\"");
        }
    }

    @Test
    void awslogsCutsWhatIsTooLongBetweenCharacters() throws Exception {
        try (var sink = cloudWatch(aws("awslogs-create-stream", "false"), KEYS)) {
            send(sink, "ä".repeat(131_100));
            sink.flush();
            String body = next().text();
            assertThat(body.split("\"message\":", -1)).hasSize(3);
            assertThat(body).doesNotContain("\ufffd");
        }
    }

    @Test
    void awslogsAsksTheContainersServiceForKeys() throws Exception {
        answers.put(
                "/creds",
                new Answer(
                        200,
                        "{\"AccessKeyId\":\"FROMSERVICE\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
                                + "\"Expiration\":\"2999-01-01T00:00:00Z\"}"));
        cloudWatch(aws("awslogs-credentials-endpoint", "/creds"), Map.of()).close();
        assertThat(next().path()).isEqualTo("/creds");
        assertThat(next().headers().get("authorization")).contains("Credential=FROMSERVICE/");
    }

    @Test
    void awslogsReadsTheSharedFile() throws Exception {
        Path file = directory.resolve("credentials");
        Files.writeString(
                file,
                "[default]\naws_access_key_id = NO\n[shop]\naws_access_key_id = SHARED\naws_secret_access_key=x\n");
        cloudWatch(aws(), Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString(), "AWS_PROFILE", "shop"))
                .close();
        assertThat(next().headers().get("authorization")).contains("Credential=SHARED/");
    }

    /** From the published examples of version 4, get-vanilla and post-vanilla. */
    @ParameterizedTest
    @CsvSource({
        "GET, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "POST, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void signsAsAwsDoes(String method, String signature) {
        var keys = new AwsCredentials.Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "", Instant.MAX);
        var headers = new AwsSignature("us-east-1", "service")
                .sign(
                        method,
                        URI.create("https://example.amazonaws.com/"),
                        Map.of(),
                        new byte[0],
                        keys,
                        Instant.parse("2015-08-30T12:36:00Z"));
        assertThat(headers.get("authorization")).endsWith("Signature=" + signature);
    }

    @Test
    void gcplogsWritesEntriesWithATokenOfItsServiceAccount() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\\n-----END PRIVATE KEY-----\\n";
        Path file = directory.resolve("account.json");
        Files.writeString(
                file,
                "{\"type\":\"service_account\",\"client_email\":\"me@shop\",\"private_key_id\":\"k1\",\"private_key\":\""
                        + pem + "\",\"token_uri\":\"" + base() + "/token\"}");
        answers.put("/token", new Answer(200, "{\"access_token\":\"opaque\",\"expires_in\":3600}"));
        var environment = Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
        var options = Map.of("gcp-project", "shop", "gcp-log-cmd", "true", "gcp-meta-zone", "z1", "env", "REGION");
        try (var sink = GoogleLogSink.open(info("gcplogs", options), environment, base())) {
            String form = next().text();
            String[] jwt = form.substring(form.indexOf("assertion=") + 10).split("\\.");
            var check = Signature.getInstance("SHA256withRSA");
            check.initVerify(pair.getPublic());
            check.update((jwt[0] + "." + jwt[1]).getBytes(UTF_8));
            assertThat(check.verify(Base64.getUrlDecoder().decode(jwt[2]))).isTrue();
            assertThat(new String(Base64.getUrlDecoder().decode(jwt[1]), UTF_8))
                    .contains("\"iss\":\"me@shop\"", "\"aud\":\"" + base() + "/token\"", "logging.write");
            assertThat(next().text()).contains("\"dryRun\":true");
            send(sink, "hello");
            sink.flush();
        }
        var entry = next();
        assertThat(entry.path()).isEqualTo("/v2/entries:write");
        assertThat(entry.headers()).containsEntry("authorization", "Bearer opaque");
        assertThat(entry.text())
                .contains(
                        "\"logName\":\"projects/shop/logs/gcplogs-docker-driver\"",
                        "\"timestamp\":\"2024-05-06T07:08:09.120Z\"",
                        "\"message\":\"hello\"",
                        "\"command\":\"serve --fast\"",
                        "\"instance\":{\"zone\":\"z1\"}",
                        "\"metadata\":{\"REGION\":\"eu\"}",
                        "\"type\":\"gce_instance\"");
        assertThat(asked).as("the token is used again").isEmpty();
    }

    @Test
    void gcplogsAsksTheMetadataServerOfItsMachine() throws Exception {
        String metadata = "/computeMetadata/v1/";
        answers.put(metadata + "project/project-id", new Answer(200, "mine"));
        answers.put(metadata + "instance/zone", new Answer(200, "projects/1/zones/europe-west3-a"));
        answers.put(
                metadata + "instance/service-accounts/default/token",
                new Answer(200, "{\"access_token\":\"m\",\"expires_in\":3600}"));
        var environment = Map.of("GCE_METADATA_HOST", base().getAuthority());
        try (var sink = GoogleLogSink.open(info("gcplogs", Map.of()), environment, base())) {
            asked.clear();
            send(sink, "hello");
            sink.flush();
        }
        assertThat(next().text()).contains("projects/mine/logs", "\"zone\":\"europe-west3-a\"");
    }

    @Test
    void gcplogsNeedsAProjectAndCredentials() {
        assertThatThrownBy(() -> GoogleLogSink.open(info("gcplogs", Map.of()), Map.of(), base()))
                .hasMessageStartingWith("No project was specified");
        assertThatThrownBy(() -> GoogleLogSink.open(info("gcplogs", Map.of("gcp-project", "p")), Map.of(), base()))
                .hasMessageContaining("could not find default credentials");
    }
}
