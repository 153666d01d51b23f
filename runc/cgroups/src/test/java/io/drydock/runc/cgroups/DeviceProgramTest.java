package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.runtime.DeviceRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the compiled programs answer, run by an interpreter of theirs. */
class DeviceProgramTest {
    private static DeviceRule allow(String type, @Nullable Long major, @Nullable Long minor, String access) {
        return new DeviceRule(true, type, major, minor, access);
    }

    private static DeviceRule deny(String type, @Nullable Long major, @Nullable Long minor, String access) {
        return new DeviceRule(false, type, major, minor, access);
    }

    private static FilterMachine program(DeviceRule... rules) throws IOException {
        return new FilterMachine(DeviceProgram.compile(DevicePolicy.of(List.of(rules))));
    }

    @Test
    void withoutRulesNothingIsAllowed() throws IOException {
        assertThat(program().allows('c', 1, 3, "r")).isFalse();
        assertThat(program(deny("a", null, null, "rwm")).allows('b', 8, 0, "m")).isFalse();
        assertThat(program(allow("a", null, null, "rwm")).allows('b', 8, 0, "rwm"))
                .isTrue();
    }

    @Test
    void anExceptionThatAllowsCoversAllThatIsAskedFor() throws IOException {
        FilterMachine machine = program(allow("c", 1L, 3L, "rw"), allow("b", 8L, null, "r"), allow("c", null, 7L, "m"));
        assertThat(machine.allows('c', 1, 3, "r")).isTrue();
        assertThat(machine.allows('c', 1, 3, "rw")).isTrue();
        assertThat(machine.allows('c', 1, 3, "rwm")).isFalse();
        assertThat(machine.allows('c', 1, 4, "r")).isFalse();
        assertThat(machine.allows('b', 1, 3, "r")).as("another type").isFalse();
        assertThat(machine.allows('b', 8, 99, "r")).isTrue();
        assertThat(machine.allows('b', 8, 99, "w")).isFalse();
        assertThat(machine.allows('c', 200, 7, "m")).isTrue();
        assertThat(machine.allows('c', 200, 8, "m")).isFalse();
    }

    @Test
    void anExceptionThatDeniesNeedOnlyTouchWhatIsAskedFor() throws IOException {
        FilterMachine machine = program(allow("a", null, null, "rwm"), deny("c", 10L, 229L, "w"));
        assertThat(machine.allows('c', 10, 229, "r")).isTrue();
        assertThat(machine.allows('c', 10, 229, "w")).isFalse();
        assertThat(machine.allows('c', 10, 229, "rw")).as("opened for both").isFalse();
        assertThat(machine.allows('c', 10, 228, "rw")).isTrue();
    }

    @Test
    void rulesAreTakenInOrder() throws IOException {
        assertThat(program(allow("c", 1L, 3L, "rwm"), deny("a", null, null, "rwm"))
                        .allows('c', 1, 3, "r"))
                .as("begun anew")
                .isFalse();
        FilterMachine machine = program(allow("c", 1L, 3L, "r"), allow("c", 1L, 3L, "wm"), deny("c", 1L, 3L, "m"));
        assertThat(machine.allows('c', 1, 3, "rw")).isTrue();
        assertThat(machine.allows('c', 1, 3, "m")).isFalse();
    }

    @Test
    void theStandardDevicesComeToWhatVersionOneAllows() throws IOException {
        List<DeviceRule> rules = new ArrayList<>(List.of(deny("a", null, null, "rwm")));
        rules.addAll(DeviceRules.ALWAYS_ALLOWED);
        FilterMachine machine = program(rules.toArray(DeviceRule[]::new));
        assertThat(machine.allows('c', 1, 3, "rw")).as("null").isTrue();
        assertThat(machine.allows('c', 136, 1234, "rw")).as("a terminal").isTrue();
        assertThat(machine.allows('b', 8, 0, "m")).as("a node of a disk").isTrue();
        assertThat(machine.allows('b', 8, 0, "r")).as("the disk").isFalse();
        assertThat(machine.allows('c', 1, 1, "r")).as("memory").isFalse();
        assertThat(machine.allows('c', 10, 229, "rw")).as("fuse").isFalse();
    }

    @Test
    void largeNumbersAreNotMistakenForOthers() throws IOException {
        FilterMachine machine = program(allow("c", 0xffffL, 0xfffffL, "r"));
        assertThat(machine.allows('c', 0xffff, 0xfffff, "r")).isTrue();
        assertThat(machine.allows('c', 0xffff, 0, "r")).isFalse();
    }

    @Test
    void lettersThatMeanNothingAllowNothing() throws IOException {
        FilterMachine machine = program(allow("c", 1L, 3L, "rx"));
        assertThat(machine.allows('c', 1, 3, "r")).isTrue();
        assertThat(machine.allows('c', 1, 3, "w")).isFalse();
    }

    @Test
    void whatCannotBeAskedForIsRefused() {
        assertThatThrownBy(() -> program(allow("x", 1L, 3L, "r"))).hasMessage("invalid cgroup device type \"x\"");
        assertThatThrownBy(() -> program(allow("c", -2L, 3L, "r"))).hasMessageContaining("invalid major number -2");
        assertThatThrownBy(() -> program(allow("c", 1L, 1L << 32, "r"))).hasMessageContaining("invalid minor number");
        assertThatThrownBy(() -> program(allow("c", null, null, "rw"), deny("c", 1L, 3L, "w")))
                .hasMessageContaining("\"deny c 1:3 w\"")
                .hasMessageContaining("cannot punch hole in existing wildcard rule");
    }
}
