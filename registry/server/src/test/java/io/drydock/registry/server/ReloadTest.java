package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import io.drydock.testkit.RegistrySettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that serves takes other settings: all of them, or none. */
class ReloadTest {
    @TempDir
    private Path directory;

    private Certificate certificate;
    private RegistryServer server;

    @BeforeEach
    void start() throws IOException {
        certificate = Certificate.make(directory, "first");
        server = InProcess.serve(directory.resolve("data"), certificate.settings());
        // "secret" for bcrypt
        Files.writeString(
                directory.resolve("users"), "me:$2b$04$44r8AulnKT960.p2JuDl2.1X/iXCSfgrc/AX8q9JI.fmMGvDv0nrq\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void reload(String more) throws IOException {
        server.reload(Settings.parse(
                RegistrySettings.yaml(directory.resolve("data"), 0, more.replace("DIR", directory.toString())),
                Map.of()));
    }

    private SpecClient client(Certificate trusted) throws IOException, GeneralSecurityException {
        return new SpecClient(
                "https://127.0.0.1:" + server.port(),
                HttpClient.newBuilder().sslContext(trusted.trusted()).build());
    }

    @Test
    void certificatesUsersLimitsAndEndpointsChange() throws Exception {
        var second = Certificate.make(directory, "second");
        try (var before = client(certificate)) {
            assertThat(before.ask("GET", "/v2/", new byte[0]).status()).isEqualTo(200);
            reload(second.settings() + """
                      headers: {X-Served: [anew]}
                      ratelimit: {requests: 1, burst: 2}
                    log: {audit: DIR/audit}
                    auth: {htpasswd: {realm: r, path: DIR/users}}
                    notifications: {endpoints: [{name: one, url: "http://127.0.0.1:1/"}]}
                    """);
            // a connection that was there keeps its certificate, not its rights
            assertThat(before.ask("GET", "/v2/", new byte[0]).status()).isEqualTo(401);
        }
        assertThatThrownBy(() -> client(certificate).ask("GET", "/v2/", new byte[0]))
                .hasStackTraceContaining("unable to find valid certification path");
        try (var after = client(second)) {
            var refused = after.ask("GET", "/v2/", new byte[0]);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("X-Served")).isEqualTo("anew");
            Await.until(
                    "it is one too many",
                    () -> after.ask("GET", "/v2/", new byte[0]).status() == 429);
        }
        assertThat(directory.resolve("audit")).isNotEmptyFile();
        assertThat(directory.resolve("data/.drydock/notifications/one")).exists();
        reload(second.settings());
        try (var open = client(second)) {
            assertThat(open.ask("GET", "/v2/", new byte[0]).status()).isEqualTo(200);
        }
    }

    @Test
    void whatCannotBeReadChangesNothing() throws Exception {
        for (var wrong : new String[] {
            "  tls: {certificate: DIR/none.crt, key: DIR/none.pem}\n",
            certificate.settings() + "auth: {htpasswd: {realm: r, path: DIR/none}}\n",
            certificate.settings()
                    + "notifications: {endpoints: [{name: x, url: 'http://h'}]}\nproxy: {remoteurl: 'http://h'}\n",
            certificate.settings() + "  draintimeout: 1s\n",
            ""
        }) {
            assertThatThrownBy(() -> reload(wrong))
                    .as(wrong)
                    .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
            try (var client = client(certificate)) {
                assertThat(client.ask("GET", "/v2/", new byte[0]).status()).isEqualTo(200);
            }
        }
        assertThatThrownBy(() -> reload(""))
                .hasMessage("configuration: http.tls cannot be changed while the registry serves");
        assertThat(directory.resolve("data/.drydock/notifications/x")).doesNotExist();
    }
}
