package io.drydock.spec.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox, busybox",
        "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36",
        "team/app, docker.io/team/app, team/app",
        "index.docker.io/library/busybox, docker.io/library/busybox, busybox",
        "localhost/app, localhost/app, localhost/app",
        "127.0.0.1:5000/a/b__c-d:x, 127.0.0.1:5000/a/b__c-d:x, 127.0.0.1:5000/a/b__c-d:x",
        "[::1]:5000/app, [::1]:5000/app, [::1]:5000/app",
        "quay.io/a/b.c, quay.io/a/b.c, quay.io/a/b.c"
    })
    void readsWhatPeopleType(String typed, String full, String familiar) {
        assertThat(Reference.parse(typed)).hasToString(full);
        assertThat(Reference.parse(typed).familiar()).isEqualTo(familiar);
        assertThat(Reference.parse(full)).isEqualTo(Reference.parse(typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Busy::Box",
                ":latest",
                "a//b",
                "-a",
                "a..b",
                "a:b:c",
                "a@sha256:12",
                "a:",
                "a/b/",
                "http://x/y",
                "a___b"
            })
    void refusesWhatIsNoName(String typed) {
        assertThatThrownBy(() -> Reference.parse(typed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("invalid reference format");
    }

    @Test
    void saysThatNamesAreLowerCase() {
        assertThatThrownBy(() -> Reference.parse("Busybox"))
                .hasMessage("invalid reference format: repository name (library/Busybox) must be lowercase");
        assertThatThrownBy(() -> Reference.parse("ab".repeat(32)))
                .hasMessageContaining("cannot specify 64-byte hexadecimal strings");
    }

    @Test
    void knowsTagsAndDigests() {
        assertThat(Reference.parseWithDefaultTag("busybox")).hasToString("docker.io/library/busybox:latest");
        var both = Reference.parseWithDefaultTag("busybox:1@" + DIGEST);
        assertThat(both.tag()).isEqualTo("1");
        assertThat(both.object()).hasValue(DIGEST);
        assertThat(both.familiar()).isEqualTo("busybox:1@" + DIGEST);
    }
}
