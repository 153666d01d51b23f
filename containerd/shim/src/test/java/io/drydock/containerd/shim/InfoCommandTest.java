package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import io.drydock.spec.containerd.runc.Options;
import io.drydock.spec.containerd.types.RuntimeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
    @TempDir
    Path dir;

    private Path program(String name, String script) throws IOException {
        Path program = Files.writeString(dir.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static byte[] options(Options options) {
        return Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .setValue(options.toByteString())
                .build()
                .toByteArray();
    }

    @Test
    void withoutOptionsOurOwnRuntimeIsAsked() throws Exception {
        Path runc = program("runc", "[ \"$*\" = features ] && echo '{\"ociVersionMin\":\"1.0.0\"}'");
        RuntimeInfo info = new InfoCommand(runc).run(new byte[0]);
        assertThat(info.getName()).isEqualTo("io.containerd.runc.v2");
        assertThat(info.getVersion().getVersion()).isNotEmpty();
        assertThat(info.hasOptions()).isFalse();
        assertThat(info.getFeatures().getTypeUrl())
                .isEqualTo("types.containerd.io/opencontainers/runtime-spec/1/features/Features");
        assertThat(info.getFeatures().getValue().toStringUtf8()).isEqualTo("{\"ociVersionMin\":\"1.0.0\"}\n");
    }

    @Test
    void theOptionsNameAnotherWhichMayNotTell() throws Exception {
        Path other = program("other", "exit 1");
        Options options = Options.newBuilder().setBinaryName(other.toString()).build();
        RuntimeInfo info = new InfoCommand(dir.resolve("runc")).run(options(options));
        assertThat(Options.parseFrom(info.getOptions().getValue())).isEqualTo(options);
        assertThat(info.hasFeatures()).isFalse();
    }

    @Test
    void oneThatIsNotThereIsReported() {
        assertThatThrownBy(() -> new InfoCommand(dir.resolve("runc")).run(new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such file or directory");
    }
}
