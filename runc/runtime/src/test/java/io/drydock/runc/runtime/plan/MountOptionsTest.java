package io.drydock.runc.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
    @Test
    void whatIsAnnouncedIsNotLeftToTheFileSystem() {
        assertThat(MountOptionNames.all()).isSorted().doesNotHaveDuplicates();
        for (String name : MountOptionNames.all()) {
            assertThat(MountOptions.parse(List.of(name)).data()).as(name).isEmpty();
        }
        assertThat(MountOptions.parse(List.of("size=1m", "ro")).data()).isEqualTo("size=1m");
    }
}
