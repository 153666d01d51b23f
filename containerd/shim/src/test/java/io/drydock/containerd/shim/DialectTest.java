package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapParams;
import io.drydock.spec.containerd.runtime.bootstrap.v1.BootstrapResult;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {
    private static final Arguments ARGUMENTS = Arguments.parse(new String[] {
        "-namespace",
        "moby",
        "-address=/run/c.sock",
        "--publish-binary",
        "/usr/bin/containerd",
        "-id",
        "c1",
        "-debug",
        "start"
    });
    private static final String ADDRESS = "unix:///run/containerd/s/abc";

    @Test
    void readsGosFlagStyle() {
        assertThat(ARGUMENTS.namespace()).isEqualTo("moby");
        assertThat(ARGUMENTS.address()).isEqualTo("/run/c.sock");
        assertThat(ARGUMENTS.publishBinary()).isEqualTo("/usr/bin/containerd");
        assertThat(ARGUMENTS.id()).isEqualTo("c1");
        assertThat(ARGUMENTS.debug()).isTrue();
        assertThat(ARGUMENTS.verb()).isEqualTo("start");
        assertThat(Arguments.parse(new String[] {"-v"}).version()).isTrue();
        assertThatThrownBy(() -> Arguments.parse(new String[] {"-what"}))
                .hasMessage("flag provided but not defined: -what");
        assertThatThrownBy(() -> Arguments.parse(new String[] {"-id"})).hasMessage("flag needs an argument: -id");
    }

    @Test
    void anOldContainerdGetsTheBareAddress() {
        Dialect dialect = Dialect.of(new byte[0], ARGUMENTS, Map.of());
        assertThat(new String(dialect.answer(ADDRESS))).isEqualTo(ADDRESS);
    }

    @Test
    void aNewerOneGetsJson() {
        byte[] options = Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .build()
                .toByteArray();
        Dialect dialect = Dialect.of(options, ARGUMENTS, Map.of("MAX_SHIM_VERSION", "2"));
        assertThat(new String(dialect.answer(ADDRESS)))
                .isEqualTo("{\"version\":2,\"address\":\"" + ADDRESS + "\",\"protocol\":\"ttrpc\"}");
    }

    @Test
    void theNewestGetsProtobuf() throws Exception {
        byte[] params = BootstrapParams.newBuilder()
                .setInstanceId("c1")
                .setNamespace("moby")
                .build()
                .toByteArray();
        Dialect dialect = Dialect.of(params, ARGUMENTS, Map.of());
        BootstrapResult result = BootstrapResult.parseFrom(dialect.answer(ADDRESS));
        assertThat(result.getAddress()).isEqualTo(ADDRESS);
        assertThat(result.getProtocol()).isEqualTo("ttrpc");
        assertThat(result.getVersion()).isEqualTo(3);
    }
}
