package io.drydock.registry.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.registry.storage.driver.DriverContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract, on somebody else's S3. */
class S3DriverTest extends DriverContract {
    private static final int CHUNK = 5 * 1024 * 1024;
    private static Proxy proxy;

    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private Map<String, String> parameters;

    @BeforeAll
    static void start() throws Exception {
        proxy = new Proxy();
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
    }

    @Override
    protected Driver open() {
        if (parameters == null) {
            parameters = proxy.bucket("bucket-" + BUCKETS.incrementAndGet());
            parameters.put("rootdirectory", "/some/where/");
            parameters.put("chunksize", Integer.toString(CHUNK));
            parameters.put("multipartcopythresholdsize", Integer.toString(CHUNK));
            parameters.put("multipartcopychunksize", Integer.toString(CHUNK));
        }
        return new S3Factory().open(parameters);
    }

    /** S3 does; this one looks at the condition first. */
    @Override
    protected boolean comparesAndSets() {
        return false;
    }

    @Override
    protected int large() {
        return CHUNK + 1000;
    }

    @Test
    void keysAreThoseOfDockersRegistry() throws IOException {
        try (var driver = open()) {
            driver.write("docker/registry/v2/blobs/x", new byte[1]);
        }
        assertThat(proxy.has(parameters.get("bucket"), "some/where/docker/registry/v2/blobs/x"))
                .isTrue();
    }

    @Test
    void aClientGetsAnObjectByItself() throws Exception {
        try (var driver = open();
                var client = HttpClient.newHttpClient()) {
            driver.write("blob/data", "bytes".getBytes());
            var address =
                    driver.redirect("blob/data", "GET", Duration.ofMinutes(1)).orElseThrow();
            var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("bytes");
            var head =
                    driver.redirect("blob/data", "HEAD", Duration.ofMinutes(1)).orElseThrow();
            assertThat(client.send(HttpRequest.newBuilder(head).HEAD().build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            var unsigned = URI.create(address.toString().replaceAll("\\?.*", ""));
            assertThat(client.send(HttpRequest.newBuilder(unsigned).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    /** More than one answer of the store can hold. */
    @Test
    void longListsComeWhole() throws IOException {
        open().close();
        try (var driver = new S3Driver(new Bucket(S3Settings.of(parameters), 7))) {
            var names = new ArrayList<String>();
            for (int i = 10; i < 40; i++) {
                names.add("t" + i);
                driver.write("tags/t" + i + "/current/link", new byte[1]);
            }
            assertThat(driver.list("tags")).isEqualTo(names);
            assertThat(driver.list("tags", "t27", 9)).isEqualTo(names.subList(18, 27));
            driver.deleteTree("tags");
            assertThat(driver.list("tags")).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        var factory = new S3Factory();
        assertThatThrownBy(() -> factory.open(Map.of("bucket", "b"))).hasMessage("no region parameter provided");
        assertThatThrownBy(() -> factory.open(Map.of("region", "r"))).hasMessage("no bucket parameter provided");
        for (var wrong :
                List.of("chunksize=1", "chunksize=x", "secure=maybe", "skipverify=true", "storageclass=GOLD")) {
            var more = new TreeMap<>(Map.of("region", "r", "bucket", "b"));
            more.put(wrong.split("=")[0], wrong.split("=")[1]);
            assertThatThrownBy(() -> factory.open(more))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.split("=")[0]);
        }
        var other = proxy.bucket("refused");
        other.put("secretkey", "wrong");
        try (var driver = factory.open(other)) {
            assertThat(driver.failure()).isPresent();
            assertThatThrownBy(() -> driver.read("x")).isInstanceOf(IOException.class);
        }
    }
}
