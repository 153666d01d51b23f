package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that come by themselves. */
@Timeout(180)
class AcmeTest {
    private static final String HOST = "registry.test";

    private static KeyPair pair;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeAKey() throws GeneralSecurityException {
        pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    }

    private RegistryServer serve(FakeAuthority authority) throws IOException {
        return InProcess.serve(
                directory.resolve("data"), """
                  tls:
                    letsencrypt: {cachefile: "%s", email: me@example.org, hosts: [%s], directoryurl: "%s"}
                """.formatted(directory.resolve("kept"), HOST, authority.directory()));
    }

    /** Whose certificate a client of that authority sees under the host's name. */
    private X509Certificate seen(RegistryServer server, FakeAuthority authority)
            throws IOException, GeneralSecurityException {
        var context = authority.trusted(directory.resolve("root.pem")).trusted();
        try (var plain = new Socket("127.0.0.1", server.port());
                var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, HOST, server.port(), true)) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(HOST)));
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void oneIsObtainedAndKept() throws Exception {
        try (var authority = new FakeAuthority(pair, HOST, Duration.ofDays(90))) {
            X509Certificate first;
            try (var server = serve(authority)) {
                authority.finds(server.port());
                Await.until("the registry has its certificate", () -> seen(server, authority) != null);
                first = seen(server, authority);
            }
            assertThat(authority.orders).hasValue(1);
            // of its 90 days 45 are over
            assertThat(AcmeCertificates.isOld(first, Instant.now())).isFalse();
            assertThat(AcmeCertificates.isOld(first, Instant.now().plus(Duration.ofDays(16))))
                    .isTrue();
            for (var name : List.of("account.pem", HOST + ".pem")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                directory.resolve("kept").resolve(name))))
                        .isEqualTo("rw-------");
            }
            try (var server = serve(authority)) {
                assertThat(seen(server, authority))
                        .as("the next process has it at once")
                        .isEqualTo(first);
            }
            assertThat(authority.orders).hasValue(1);
        }
    }

    @Test
    void whoIsNotTheHostGetsNoneAndServesOn() throws Exception {
        try (var authority = new FakeAuthority(pair, HOST, Duration.ofDays(90));
                var impostor = InProcess.serve(
                        directory.resolve("other"),
                        Certificate.make(directory, "other").settings())) {
            authority.finds(impostor.port());
            try (var server = serve(authority)) {
                Await.until("the order was made", () -> authority.orders.get() == 1);
                assertThatThrownBy(() -> seen(server, authority)).isInstanceOf(IOException.class);
            }
            assertThat(directory.resolve("kept").resolve(HOST + ".pem")).doesNotExist();
        }
    }

    @Test
    void settingsAreChecked() {
        for (var wrong : List.of("{email: x}", "{cachefile: /x}", "{cachefile: /x, hosts: ['../x']}")) {
            assertThatThrownBy(
                            () -> Settings.parse("version: 0.1\nhttp: {tls: {letsencrypt: " + wrong + "}}", Map.of()))
                    .hasMessageContaining("http.tls.letsencrypt");
        }
        assertThatThrownBy(() -> Settings.parse(
                        "version: 0.1\nhttp: {tls: {certificate: /c, letsencrypt: {cachefile: /x, hosts: [h]}}}",
                        Map.of()))
                .hasMessage("cannot specify both certificate and Let's Encrypt");
    }
}
