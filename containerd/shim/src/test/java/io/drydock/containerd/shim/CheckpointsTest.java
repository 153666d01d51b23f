package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.runc.runtime.CriuOptions.Flag;
import io.drydock.spec.containerd.runc.CheckpointOptions;
import io.drydock.spec.containerd.runc.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    private static Any any(CheckpointOptions.Builder options) {
        return Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.CheckpointOptions")
                .setValue(options.build().toByteString())
                .build();
    }

    @Test
    void withoutOptionsTheTaskGoesOn() throws InvalidProtocolBufferException {
        var saving = Checkpoints.saving("/images", Any.getDefaultInstance(), Options.getDefaultInstance());
        assertThat(saving.images()).isEqualTo(Path.of("/images"));
        assertThat(saving.work()).isNull();
        assertThat(saving.flags()).containsExactly(Flag.LEAVE_RUNNING);
    }

    @Test
    void optionsBecomeFlagsAndPlaces() throws InvalidProtocolBufferException {
        var saving = Checkpoints.saving(
                "/asked",
                any(CheckpointOptions.newBuilder()
                        .setExit(true)
                        .setOpenTcp(true)
                        .setTerminal(true)
                        .setCgroupsMode("soft")
                        .setImagePath("/here")),
                Options.newBuilder().setCriuWorkPath("/work").build());
        assertThat(saving.flags()).containsExactlyInAnyOrder(Flag.TCP_ESTABLISHED, Flag.SHELL_JOB);
        assertThat(saving.images()).isEqualTo(Path.of("/here"));
        assertThat(saving.work()).isEqualTo(Path.of("/work"));
        assertThat(saving.cgroupsMode()).isEqualTo("soft");
    }

    @Test
    void emptyNamespacesAreRefused() {
        assertThatThrownBy(() -> Checkpoints.saving(
                        "/i",
                        any(CheckpointOptions.newBuilder().addEmptyNamespaces("network")),
                        Options.getDefaultInstance()))
                .hasMessageContaining("empty_namespaces");
    }
}
