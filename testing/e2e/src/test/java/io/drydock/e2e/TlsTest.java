package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine over TCP with client certificates: who has one gets in, who has not is turned away. */
class TlsTest {
    @Test
    void letsInOnlyWhoHasACertificate(@TempDir Path keys) throws Exception {
        makeKeys(keys);
        try (var network = NetNamespace.create("e2e");
                var engine = Engine.startIn(
                        network,
                        "-H",
                        "tcp://127.0.0.1:2376",
                        "--tlsverify",
                        "--tlscacert",
                        keys.resolve("ca.pem").toString(),
                        "--tlscert",
                        keys.resolve("server.pem").toString(),
                        "--tlskey",
                        keys.resolve("server.key").toString())) {
            assertThat(engine.original().run("ps").exitCode()).isZero();
            for (var program : List.of(Programs.original("docker"), Programs.ours("docker"))) {
                var plain = network.command(program.toString(), "-H", "tcp://127.0.0.1:2376", "ps")
                        .withVariable("HOME", keys.toString())
                        .run();
                assertThat(plain.exitCode()).as(plain.toString()).isEqualTo(1);
                var stranger = network.command(
                                program.toString(),
                                "-H",
                                "tcp://127.0.0.1:2376",
                                "--tlsverify",
                                "--tlscacert",
                                keys.resolve("ca.pem").toString(),
                                "--tlscert",
                                keys.resolve("stranger.pem").toString(),
                                "--tlskey",
                                keys.resolve("stranger.key").toString(),
                                "ps")
                        .withVariable("HOME", keys.toString())
                        .run();
                assertThat(stranger.exitCode()).as(stranger.toString()).isEqualTo(1);
                var friend = network.command(
                                program.toString(),
                                "-H",
                                "tcp://127.0.0.1:2376",
                                "--tlsverify",
                                "--tlscacert",
                                keys.resolve("ca.pem").toString(),
                                "--tlscert",
                                keys.resolve("client.pem").toString(),
                                "--tlskey",
                                keys.resolve("client.key").toString(),
                                "version",
                                "--format",
                                "{{.Server.Os}}")
                        .withVariable("HOME", keys.toString())
                        .run();
                assertThat(friend.text()).as(friend.toString()).isEqualTo("linux");
            }
        }
    }

    private static void makeKeys(Path keys) throws Exception {
        authority(keys, "ca");
        authority(keys, "other-ca");
        signed(keys, "server", "ca", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
        signed(keys, "client", "ca", "extendedKeyUsage=clientAuth\n");
        signed(keys, "stranger", "other-ca", "extendedKeyUsage=clientAuth\n");
    }

    private static void authority(Path keys, String name) {
        openssl(
                keys,
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem");
    }

    private static void signed(Path keys, String name, String by, String extensions) throws Exception {
        Files.writeString(keys.resolve(name + ".ext"), extensions);
        openssl(
                keys,
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr");
        openssl(
                keys,
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                by + ".pem",
                "-CAkey",
                by + ".key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
    }

    private static void openssl(Path keys, String... words) {
        Command.of("openssl").with(words).in(keys).run().ok();
    }
}
