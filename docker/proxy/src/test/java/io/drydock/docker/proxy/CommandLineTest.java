package io.drydock.docker.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original's command line for one port, and what its descriptor 3 says. */
class CommandLineTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path directory;

    private Process start(int hostPort, int containerPort) {
        var java = System.getProperty("java.home") + "/bin/java";
        return Command.of("sh", "-c", "exec \"$@\" 3>'" + directory.resolve("status") + "'", "sh", java)
                .with(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"))
                .with("io.drydock.docker.proxy.Main", "-proto", "tcp", "--host-ip=127.0.0.1")
                .with("-host-port", Integer.toString(hostPort), "-container-ip", "127.0.0.1")
                .with("-container-port", Integer.toString(containerPort))
                .start();
    }

    private String status() throws IOException {
        return Files.readString(directory.resolve("status"));
    }

    @Test
    void forwardsOnePortAndTellsThatItListens() throws Exception {
        int free;
        try (var probe = new ServerSocket(0, 1, LOOPBACK)) {
            free = probe.getLocalPort();
        }
        try (var server = new ServerSocket(0, 1, LOOPBACK)) {
            var process = start(free, server.getLocalPort());
            try {
                Await.until("it listens", () -> status().equals("0\n"));
                try (var client = new Socket(LOOPBACK, free);
                        var served = server.accept()) {
                    client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();
                    assertThat(served.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("hello");
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void tellsWhyItDoesNotListen() throws Exception {
        try (var server = new ServerSocket(0, 1, LOOPBACK)) {
            int taken = server.getLocalPort();
            var process = start(taken, taken);
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(status()).isEqualTo("1\nlisten tcp4 127.0.0.1:" + taken + ": bind: address already in use");
        }
    }

    @Test
    void wordsAreReadAsGoDoes() throws Exception {
        var arguments = Arguments.parse(List.of("-proto=udp", "--host-port", "53", "-use-listen-fd", "rest", "-nope"));
        assertThat(arguments.protocol()).isEqualTo("udp");
        assertThat(arguments.hostPort()).isEqualTo(53);
        assertThat(arguments.useListenFd()).isTrue();
        assertThat(wrong("-nope")).isEqualTo("flag provided but not defined: -nope");
        assertThat(wrong("-proto")).isEqualTo("flag needs an argument: -proto");
        assertThat(wrong("-host-port=x")).isEqualTo("invalid value \"x\" for flag -host-port: parse error");
    }

    private static String wrong(String word) {
        try {
            return Arguments.parse(List.of(word)).toString();
        } catch (Arguments.UsageException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
