package io.drydock.runc.cgroups.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void everyTypeComesBackAsItWas() throws IOException {
        Message sent = Message.call(
                "a.b",
                "/c",
                "d.e",
                "F",
                "ybnqiuxtsogva(sv)aua{sv}",
                (byte) 1,
                true,
                (short) 2,
                (short) 3,
                4,
                5,
                6L,
                -1L,
                "text äö",
                "/path",
                "a(ss)",
                new Variant("a(ss)", List.of(List.of("x", "y"))),
                List.of(List.of("name", Variant.of(7)), List.of("other", Variant.of("v"))),
                List.of(8, 9),
                List.of());
        byte[] bytes = Encoder.message(sent, 42);
        assertThat(Decoder.length(bytes)).isEqualTo(bytes.length);
        Message received = Decoder.message(bytes);
        assertThat(received.serial()).isEqualTo(42);
        assertThat(received.type()).isEqualTo(Message.Type.CALL);
        assertThat(List.of(received.destination(), received.path(), received.interfaceName(), received.member()))
                .containsExactly("a.b", "/c", "d.e", "F");
        assertThat(received.signature()).isEqualTo(sent.signature());
        assertThat(received.body()).isEqualTo(sent.body());
    }

    @Test
    void whatIsCutOffIsAnErrorOfTheConnection() {
        byte[] bytes = Encoder.message(Message.signal("/a", "b.c", "D", "sas", "x", List.of("y", "z")), 1);
        for (int length = Decoder.FIXED; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Decoder.message(cut)).isInstanceOf(IOException.class);
        }
        bytes[0] = 'x';
        assertThatThrownBy(() -> Decoder.message(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void addressesOfUnixSocketsAreUnderstood() throws IOException {
        assertThat(DbusConnection.socketPath("tcp:host=a;unix:guid=1,path=/run/bus"))
                .isEqualTo("/run/bus");
        assertThatThrownBy(() -> DbusConnection.socketPath("unix:abstract=x")).hasMessageContaining("not supported");
    }
}
