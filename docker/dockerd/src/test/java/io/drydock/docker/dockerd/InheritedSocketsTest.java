package io.drydock.docker.dockerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.api.EngineApi;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InheritedSocketsTest {
    @Test
    void onlySocketsForThisProcessCount() throws Exception {
        assertThat(InheritedSockets.of("12", "2", 12).chosen("")).containsExactly(3, 4);
        assertThat(InheritedSockets.of("12", "2", 12).chosen("4")).containsExactly(4);
        assertThatThrownBy(() -> InheritedSockets.of("12", "2", 12).chosen("5"))
                .hasMessage("too few socket activated files passed in by systemd");
        for (var sockets : new InheritedSockets[] {
            InheritedSockets.of("13", "2", 12), InheritedSockets.of("12", "x", 12), InheritedSockets.of(null, null, 12)
        }) {
            assertThatThrownBy(() -> sockets.chosen(""))
                    .hasMessage("no sockets found via socket activation: make sure the service was started by systemd");
        }
    }

    @Test
    @Timeout(60)
    void aSocketThatListensAlreadyIsServed(@TempDir Path directory) throws Exception {
        var linux = Linux.system();
        Path path = directory.resolve("s");
        // the server owns it from here on
        var socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.STREAM, 0);
        linux.sockets().bindUnix(socket, path.toString());
        linux.sockets().listen(socket, 16);

        try (var server =
                new HttpServer(exchange -> exchange.response().send("text/plain", "here"), EngineApi.ERRORS)) {
            assertThat(InheritedSockets.prepare(linux, socket.number())).isTrue();
            server.listen(new Listener.Inherited(socket.number(), true, null));
            for (int i = 0; i < 3; i++) {
                try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    client.connect(UnixDomainSocketAddress.of(path));
                    client.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                    var answer = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("here");
                }
            }
        }
    }
}
