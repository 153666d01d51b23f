package io.drydock.docker.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.PullRequest;
import io.drydock.containerd.client.TransferProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagePartsTest {
    private static final Descriptor LAYER = new Descriptor(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "sha256:aaaaaaaaaaaabbbbaaaaaaaaaaaabbbbaaaaaaaaaaaabbbbaaaaaaaaaaaabbbb",
            100);

    private static TransferProgress event(String name, long progress) {
        return new TransferProgress(name, "x", List.of(), progress, 100, LAYER);
    }

    @Test
    void tellsAPullInTheOriginalsWords() throws Exception {
        var lines = new ArrayList<String>();
        var pull = new PullProgress(message -> lines.add(
                message.id() + ": " + message.status() + (message.progress() == null ? "" : " " + message.progress())));
        pull.accept(event("waiting", 0));
        pull.accept(event("downloading", 50));
        pull.accept(event("complete", 100));
        pull.accept(event("downloading", 60));
        pull.accept(event("extracting", 10));
        pull.accept(event("extracted", 100));
        pull.finish();

        assertThat(lines)
                .containsExactly(
                        "aaaaaaaaaaaa: Pulling fs layer",
                        "aaaaaaaaaaaa: Downloading [=========================>                         ]      50B/100B",
                        "aaaaaaaaaaaa: Verifying Checksum",
                        "aaaaaaaaaaaa: Download complete",
                        "aaaaaaaaaaaa: Extracting [=====>                                             ]      10B/100B",
                        "aaaaaaaaaaaa: Pull complete");
    }

    @Test
    void writesSizesWithFourDigits() {
        assertThat(ProgressBar.size(999)).isEqualTo("999B");
        assertThat(ProgressBar.size(2_193_000)).isEqualTo("2.193MB");
        assertThat(ProgressBar.size(12_345_678)).isEqualTo("12.35MB");
    }

    @Test
    void knowsInsecureRegistries() {
        var settings = new RegistrySettings(
                Path.of("/x"), List.of(), List.of("10.0.0.0/8", "reg:5000", "plain"), PullRequest.Limits.NONE);

        assertThat(settings.isInsecure("127.0.0.1:5000")).isTrue();
        assertThat(settings.isInsecure("10.9.8.7:443")).isTrue();
        assertThat(settings.isInsecure("reg:5000")).isTrue();
        assertThat(settings.isInsecure("reg:5001")).isFalse();
        assertThat(settings.isInsecure("plain:1")).isTrue();
        assertThat(settings.isInsecure("docker.io")).isFalse();
    }

    @Test
    void appliesDockerfileChanges() {
        var config = ConfigChanges.apply(
                ConfigChanges.NONE,
                List.of(
                        "CMD [\"/bin/sh\", \"-l\"]",
                        "ENV A=1 B=\"two words\"",
                        "ENV C three",
                        "EXPOSE 80 53/udp",
                        "LABEL x=y",
                        "WORKDIR /w",
                        "USER u",
                        "ENTRYPOINT run it"));

        assertThat(config.cmd()).containsExactly("/bin/sh", "-l");
        assertThat(config.env()).containsExactly("A=1", "B=two words", "C=three");
        assertThat(config.exposedPorts()).containsOnlyKeys("80/tcp", "53/udp");
        assertThat(config.labels()).containsEntry("x", "y");
        assertThat(config.entrypoint()).containsExactly("/bin/sh", "-c", "run it");
        assertThatThrownBy(() -> ConfigChanges.apply(ConfigChanges.NONE, List.of("FROM x")))
                .hasMessage("FROM is not a valid change command");
    }

    @Test
    void chainsLayers() {
        var chain = ChainId.of(List.of("sha256:a", "sha256:b"));

        assertThat(chain.getFirst()).isEqualTo("sha256:a");
        assertThat(chain.getLast()).startsWith("sha256:").hasSize(71);
        assertThat(Glob.matches("box*", "box:1")).isTrue();
        assertThat(Glob.matches("*", "a/b")).isFalse();
        assertThat(Glob.matches("a/?", "a/b")).isTrue();
    }
}
