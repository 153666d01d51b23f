package io.drydock.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    @Test
    void requestsComeBackAsTheyWent() throws IOException {
        Envelope.Request request = new Envelope.Request(
                "containerd.task.v3.Task",
                "Create",
                ByteString.copyFromUtf8("payload"),
                5_000_000_000L,
                Map.of("a", "1", "b", "ü"));
        assertThat(Envelope.Request.decode(request.encode())).isEqualTo(request);
    }

    @Test
    void aRequestHasTheFieldNumbersOfTheProtocol() {
        byte[] bytes = new Envelope.Request("s", "m", ByteString.copyFromUtf8("p"), 3, Map.of("k", "v")).encode();
        assertThat(bytes)
                .containsExactly(
                        0x0a, 1, 's', 0x12, 1, 'm', 0x1a, 1, 'p', 0x20, 3, 0x2a, 6, 0x0a, 1, 'k', 0x12, 1, 'v');
    }

    @Test
    void anErrorCarriesCodeAndMessage() throws IOException {
        byte[] bytes = Envelope.Response.failed(new RpcException(StatusCode.NOT_FOUND, "gone"))
                .encode();
        assertThat(bytes).containsExactly(0x0a, 8, 0x08, 5, 0x12, 4, 'g', 'o', 'n', 'e');
        RpcException error =
                Objects.requireNonNull(Envelope.Response.decode(bytes).error());
        assertThat(error.code()).isEqualTo(StatusCode.NOT_FOUND);
        assertThat(error.text()).isEqualTo("gone");
    }

    @Test
    void anEmptyStatusIsSuccess() throws IOException {
        Envelope.Response response = Envelope.Response.decode(new byte[] {0x0a, 0, 0x12, 1, 'x'});
        assertThat(response.error()).isNull();
        assertThat(response.payload().toStringUtf8()).isEqualTo("x");
    }
}
