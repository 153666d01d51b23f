package io.drydock.containerd.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapResult;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShimAddressTest {
    private static ShimAddress parse(String output) {
        return ShimAddress.parse(output.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsTheBareAddressOfOldShims() {
        assertThat(parse("unix:///run/containerd/s/abc\n"))
                .isEqualTo(new ShimAddress(2, "unix:///run/containerd/s/abc"));
    }

    @Test
    void readsJson() {
        assertThat(parse("{\"version\": 3, \"address\":\"unix:///run/s\",\"protocol\":\"ttrpc\"}"))
                .isEqualTo(new ShimAddress(3, "unix:///run/s"));
    }

    @Test
    void readsProtobuf() {
        byte[] output = BootstrapResult.newBuilder()
                .setVersion(3)
                .setAddress("unix:///run/s")
                .setProtocol("ttrpc")
                .build()
                .toByteArray();
        assertThat(ShimAddress.parse(output)).isEqualTo(new ShimAddress(3, "unix:///run/s"));
    }

    @Test
    void writesWhatItReads() {
        ShimAddress address = new ShimAddress(2, "unix:///run/s");
        assertThat(parse(address.json())).isEqualTo(address);
    }

    @Test
    void refusesWhatItCannotSpeak() {
        assertThatThrownBy(() -> parse("{\"version\":3,\"address\":\"vsock://2:1\",\"protocol\":\"grpc\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vsock://2:1");
        assertThatThrownBy(() -> parse("something went wrong")).isInstanceOf(IllegalArgumentException.class);
    }
}
