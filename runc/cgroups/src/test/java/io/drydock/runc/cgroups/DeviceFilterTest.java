package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel's own answers: a group of the unified hierarchy has device programs also where version 1 has the controllers. */
@RequiresRoot
class DeviceFilterTest {
    private static final DeviceRule NOTHING = new DeviceRule(false, "a", null, null, "rwm");
    private static final DeviceRule FULL = new DeviceRule(true, "c", 1L, 7L, "rwm");

    private final Linux linux = Linux.system();
    private final DeviceFilter filter = new DeviceFilter(linux);
    private Path group;

    @BeforeEach
    void make() throws IOException {
        Optional<Path> root = CgroupLayout.read().unified();
        Assumptions.assumeTrue(root.isPresent(), "cgroup2 is not mounted");
        group = root.get().resolve("drydock-devices-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
    }

    @AfterEach
    void clean() throws IOException {
        if (group != null) {
            CgroupTree.delete(group);
        }
    }

    /** What a shell says that enters the group and then does something. */
    private Command.Result inside(String script) {
        return Command.of("sh", "-c", "echo 0 > " + group.resolve("cgroup.procs") + " && " + script)
                .run();
    }

    private int programs() throws IOException {
        try (Fd directory = linux.files().open(group.toString(), O.RDONLY | O.DIRECTORY)) {
            return linux.bpf().devicePrograms(directory).size();
        }
    }

    @Test
    void onlyWhatIsAllowedCanBeOpened() throws IOException {
        filter.apply(group, List.of(NOTHING));
        inside("echo > /dev/null && head -c 1 /dev/zero").ok();
        assertThat(inside("head -c 1 /dev/kmsg").err()).contains("Operation not permitted");
        assertThat(inside("head -c 1 /dev/kmsg").exitCode()).isNotZero();
        filter.apply(group, List.of(NOTHING, new DeviceRule(true, "c", 1L, 11L, "r")));
        inside("dd if=/dev/kmsg bs=8k count=1").ok();
        assertThat(inside("exec 3> /dev/kmsg").err()).as("opened for writing").contains("Operation not permitted");
    }

    @Test
    void aNewFilterTakesTheOldOnesPlace() throws IOException {
        filter.apply(group, List.of(NOTHING));
        filter.apply(group, List.of(NOTHING, FULL));
        assertThat(programs()).isEqualTo(1);
        byte[] all = DeviceProgram.compile(DevicePolicy.of(List.of(new DeviceRule(true, "a", null, null, "rwm"))));
        try (Fd directory = linux.files().open(group.toString(), O.RDONLY | O.DIRECTORY);
                Fd another = linux.bpf().loadDeviceProgram(all)) {
            linux.bpf().attachDeviceProgram(directory, another, null);
        }
        assertThat(programs()).isEqualTo(2);
        filter.apply(group, List.of(NOTHING));
        assertThat(programs()).isEqualTo(1);
        assertThat(inside("head -c 1 /dev/kmsg").exitCode()).isNotZero();
    }

    @Test
    void whatTheVerifierRefusesIsSaidInItsWords() {
        byte[] withoutAnswer = {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> linux.bpf().loadDeviceProgram(withoutAnswer))
                .hasMessageStartingWith("load device program (")
                .hasMessageContaining("R0 !read_ok");
    }
}
