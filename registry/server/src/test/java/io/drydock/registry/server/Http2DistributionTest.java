package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our registry passes the suite over TLS and HTTP/2, too. */
class Http2DistributionTest extends DistributionSuite {
    @SuppressWarnings("NullAway.Init") // the suite begins with serve
    private RegistryServer registry;

    @Override
    SpecClient serve(Path data) throws IOException {
        var certificate = Certificate.make(Objects.requireNonNull(data.getParent()), "registry");
        registry = InProcess.serve(data, certificate.settings());
        try {
            var http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(certificate.trusted())
                    .build();
            return new SpecClient("https://127.0.0.1:" + registry.port(), http);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    @Test
    void itIsHttp2() {
        assertThat(ask("GET", "/v2/").version()).isEqualTo(HttpClient.Version.HTTP_2);
    }

    @Test
    void withoutTlsItIsAMatterOfSettings(@TempDir Path directory) throws IOException {
        for (boolean enabled : new boolean[] {true, false}) {
            var more = enabled ? "  h2c: {enabled: true}\n" : "";
            try (var other = InProcess.serve(directory.resolve("data" + enabled), more)) {
                var curl = Command.of("curl", "-sS", "--http2-prior-knowledge", "-w", "%{http_version}")
                        .with("http://127.0.0.1:" + other.port() + "/v2/")
                        .run();
                assertThat(curl.out()).isEqualTo(enabled ? "{}2" : "0");
            }
        }
    }
}
