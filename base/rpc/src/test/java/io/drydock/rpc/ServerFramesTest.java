package io.drydock.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server does with frames that no well-behaved client sends, and the exact bytes of those it sends itself. */
class ServerFramesTest {
    @TempDir
    Path dir;

    private TtrpcServer server;
    private SocketChannel socket;
    private FrameChannel frames;

    @BeforeEach
    void serve() throws IOException {
        server = TtrpcServer.serve(
                dir.resolve("s"),
                List.of(RpcService.named("test.Echo").unary("Say", StringValue.parser(), (call, text) -> text)));
        socket = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("s")));
        frames = new FrameChannel(socket);
    }

    @AfterEach
    void close() {
        frames.close();
        server.close();
    }

    private byte[] say(String text) {
        return new Envelope.Request("test.Echo", "Say", StringValue.of(text).toByteString(), 0, Map.of()).encode();
    }

    private Envelope.Response answer(int stream) throws IOException {
        Frame frame = Objects.requireNonNull(frames.read());
        assertThat(frame.stream()).isEqualTo(stream);
        assertThat(frame.kind()).isEqualTo(Frame.RESPONSE);
        return Envelope.Response.decode(frame.payload());
    }

    private StatusCode refusal(int stream) throws IOException {
        return Objects.requireNonNull(answer(stream).error()).code();
    }

    @Test
    void answersWithTheBytesOfTheProtocol() throws IOException {
        frames.write(Frame.request(7, 0, say("hi")));
        ByteBuffer bytes = ByteBuffer.allocate(16);
        while (bytes.hasRemaining()) {
            socket.read(bytes);
        }
        assertThat(bytes.array()).containsExactly(0, 0, 0, 6, 0, 0, 0, 7, 2, 0, 0x12, 4, 0x0a, 2, 'h', 'i');
    }

    @Test
    void refusesStreamIdsThatAreEvenOrDoNotRise() throws IOException {
        frames.write(Frame.request(2, 0, say("x")));
        assertThat(refusal(2)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.request(5, 0, say("x")));
        assertThat(answer(5).error()).isNull();
        frames.write(Frame.request(5, 0, say("x")));
        assertThat(refusal(5)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.request(3, 0, say("x")));
        assertThat(refusal(3)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.request(7, 0, say("x")));
        assertThat(answer(7).error()).isNull();
    }

    @Test
    void refusesGarbageAndGoesOn() throws IOException {
        frames.write(Frame.request(1, 0, new byte[] {(byte) 0xff, (byte) 0xff, 1}));
        assertThat(refusal(1)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.request(
                3,
                0,
                new Envelope.Request("test.Echo", "Say", ByteString.copyFrom(new byte[] {0x0a, 100}), 0, Map.of())
                        .encode()));
        assertThat(refusal(3)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(new Frame(5, 9, 0, new byte[0], false));
        assertThat(refusal(5)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.data(7, new byte[3]));
        assertThat(refusal(7)).isEqualTo(StatusCode.INVALID_ARGUMENT);
        frames.write(Frame.request(9, 0, say("still here")));
        assertThat(answer(9).error()).isNull();
    }

    @Test
    void dropsAnOversizedRequestAndGoesOn() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER)
                .putInt(Frame.MAX_PAYLOAD + 1)
                .putInt(1)
                .put((byte) Frame.REQUEST)
                .put((byte) 0)
                .flip();
        socket.write(header);
        ByteBuffer payload = ByteBuffer.allocate(Frame.MAX_PAYLOAD + 1);
        while (payload.hasRemaining()) {
            socket.write(payload);
        }
        assertThat(refusal(1)).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        frames.write(Frame.request(3, 0, say("still here")));
        assertThat(answer(3).error()).isNull();
    }
}
