package io.drydock.spec.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OciJsonTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsASpecAndWritesOnlyWhatIsThere() {
        var json = """
                {"ociVersion":"1.2.0","process":{"terminal":true,"user":{"uid":0,"gid":0,"additionalGids":[1,4294967295]},
                "args":["sh"],"cwd":"/","rlimits":[{"type":"RLIMIT_NOFILE","hard":18446744073709551615,"soft":1024}],
                "ioPriority":{"class":"IOPRIO_CLASS_BE","priority":4}},
                "root":{"path":"rootfs"},"linux":{"resources":{"memory":{"limit":-1},"devices":[{"allow":false,"access":"rwm"}]},
                "namespaces":[{"type":"pid"}],"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1}},"x-unknown":[{}]}
                """;
        var spec = OciJson.read(Spec.class, bytes(json));

        assertThat(spec.process().user().additionalGids()).containsExactly(1L, 4294967295L);
        assertThat(spec.process().rlimits().getFirst().hard()).isEqualTo("18446744073709551615");
        assertThat(spec.process().ioPriority().ioClass()).isEqualTo("IOPRIO_CLASS_BE");
        assertThat(spec.linux().resources().memory().limit()).isEqualTo(-1L);
        assertThat(spec.linux().resources().memory().swap()).isNull();
        var written = new String(OciJson.write(Spec.class, spec), StandardCharsets.UTF_8);
        assertThat(written)
                .doesNotContain("null")
                .doesNotContain("hooks")
                .contains("\"hard\":18446744073709551615", "\"allow\":false");
        assertThat(OciJson.read(Spec.class, bytes(written))).isEqualTo(spec);
    }

    @Test
    void keepsAMapsNullsAndOrder() {
        var config = OciJson.read(
                ImageConfig.class,
                bytes(
                        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":null},\"Cmd\":null,\"Entrypoint\":[]}}"));

        assertThat(config.config().exposedPorts()).containsOnlyKeys("80/tcp", "53/udp");
        assertThat(config.config().exposedPorts().keySet()).containsExactly("80/tcp", "53/udp");
        assertThat(config.config().cmd()).isNull();
        assertThat(config.config().entrypoint()).isEmpty();
    }

    @Test
    void readsLongTexts() {
        var text = "x".repeat(1_000_000);
        var manifest = OciJson.read(Manifest.class, bytes("{\"annotations\":{\"a\":\"" + text + "\"}}"));

        assertThat(manifest.annotations()).containsEntry("a", text);
    }

    @Test
    void refusesWhatIsNoDocument() {
        for (var json : new String[] {"", "{\"process\":", "[]", "{\"process\":5}", "null"}) {
            assertThatThrownBy(() -> OciJson.read(Spec.class, bytes(json)))
                    .as(json)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("\n");
        }
        assertThatThrownBy(() -> OciJson.read(Spec.class, bytes("[".repeat(5_000_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nested");
    }

    /** Whatever is cut off, doubled or flipped: a value or one clear exception, for the program prints nothing else well. */
    @Test
    void brokenDocumentsAreReadOrRefused() {
        byte[] whole = bytes(
                "{\"ociVersion\":\"1.2.0\",\"process\":{\"terminal\":true,\"user\":{\"uid\":0,\"additionalGids\":[1,2]},"
                        + "\"args\":[\"s\\u00e9\"],\"cwd\":\"/\",\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"hard\":18446744073709551615}]},"
                        + "\"annotations\":{\"a\":\"b\"},\"linux\":{\"resources\":{\"memory\":{\"limit\":-1},\"devices\":[{\"allow\":false}],"
                        + "\"unified\":{\"x\":\"y\"}},\"seccomp\":{\"defaultErrnoRet\":1}}}");
        var noise = "{}[]\":,\\9e-.tn\u0000\u00ff";
        var random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] broken = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int flips = random.nextInt(4); flips > 0 && broken.length > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) noise.charAt(random.nextInt(noise.length()));
            }
            try {
                OciJson.read(Spec.class, broken);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            }
        }
    }
}
