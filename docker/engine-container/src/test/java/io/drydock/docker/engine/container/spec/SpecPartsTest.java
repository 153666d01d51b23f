package io.drydock.docker.engine.container.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.Jsonb;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.spec.oci.runtime.Mount;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a member that is wrongly absent fails the test in any case
class SpecPartsTest {
    private static HostConfig host(String json) {
        return Jsonb.instance().type(HostConfig.class).fromJson(json);
    }

    @Test
    void findsUsersByNameAndNumber() {
        var users = new UserLookup(
                "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1001::/:\n",
                "root:x:0:\nwheel:x:10:root,guest\nstaff:x:50:\n");

        var root = users.find("", List.of());
        assertThat(root.uid()).isZero();
        assertThat(root.additionalGids()).containsExactly(0L, 10L);
        assertThat(users.find("guest", List.of()).gid()).isEqualTo(1001);
        assertThat(users.find("guest", List.of()).additionalGids()).containsExactly(1001L, 10L);
        assertThat(users.find("7:staff", List.of()).gid()).isEqualTo(50);
        assertThat(users.find("7:staff", List.of()).additionalGids()).containsExactly(50L);
        assertThat(users.find("7", List.of("staff", "3")).additionalGids()).containsExactly(0L, 50L, 3L);
        assertThatThrownBy(() -> users.find("nobody-here", List.of()))
                .hasMessage("unable to find user nobody-here: no matching entries in passwd file");
        assertThatThrownBy(() -> users.find("0:none", List.of()))
                .hasMessage("unable to find group none: no matching entries in group file");
    }

    @Test
    void addsAndDropsCapabilities() {
        var sets = new CapabilitySets(List.of("CAP_CHOWN", "CAP_KILL", "CAP_SYS_ADMIN", "CAP_NET_RAW"));

        assertThat(sets.names(host("{}"))).containsExactlyInAnyOrder("CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW");
        assertThat(sets.names(host("{\"CapDrop\":[\"ALL\"],\"CapAdd\":[\"kill\"]}")))
                .containsExactly("CAP_KILL");
        assertThat(sets.names(host("{\"CapAdd\":[\"ALL\"],\"CapDrop\":[\"CAP_CHOWN\"]}")))
                .containsExactlyInAnyOrder("CAP_KILL", "CAP_SYS_ADMIN", "CAP_NET_RAW");
        assertThat(sets.names(host("{\"Privileged\":true}"))).hasSize(4);
        assertThatThrownBy(() -> CapabilitySets.check(host("{\"CapAdd\":[\"FLY\"]}")))
                .hasMessage("invalid capAdd: unknown capability: \"CAP_FLY\"");
    }

    @Test
    void mergesEnvironments() {
        assertThat(Environment.of("boat", true, List.of("A=0", "DB_NAME=/boat/db"), List.of("PATH=/x", "A=1", "TERM")))
                .containsExactly("PATH=/x", "HOSTNAME=boat", "A=1", "DB_NAME=/boat/db");
        assertThat(Environment.merge(List.of("A=1", "B=2"), List.of("B=3", "C=4")))
                .containsExactly("A=1", "B=3", "C=4");
    }

    @Test
    void readsSecurityOptionsAndRefusesUnknownOnes() {
        var options = SecurityOptions.of(host("{\"SecurityOpt\":[\"no-new-privileges\",\"seccomp=unconfined\"]}"));

        assertThat(options.noNewPrivileges()).isTrue();
        assertThat(options.unconfined()).isTrue();
        assertThatThrownBy(() -> SecurityOptions.of(host("{\"SecurityOpt\":[\"magic\"]}")))
                .hasMessage("invalid --security-opt 2: \"magic\"");
    }

    @Test
    void readsDeviceRules() {
        assertThat(DeviceList.parse("c 42:* rmw")).isEqualTo(new DeviceRule(true, "c", 42L, null, "rmw"));
        assertThatThrownBy(() -> DeviceList.parse("c 42")).hasMessage("invalid device cgroup rule format: 'c 42'");
    }

    @Test
    void theUsersMountsTakeThePlaceOfTheEngines() {
        var list = new MountList(false);
        list.privateShm(5);
        list.user(
                List.of(
                        new MountPlan("bind", "", "/host", "/dev/shm", "", "ro", false, "rprivate", false, "", false),
                        new MountPlan("bind", "", "/other", "/", "", "", true, "rslave", false, "", false)),
                host("{\"Tmpfs\":{\"/scratch\":\"size=1m,exec\"}}"),
                true);

        var shm = list.build().stream()
                .filter(m -> m.destination().equals("/dev/shm"))
                .toList();
        assertThat(shm).extracting(Mount::source).containsExactly("/host");
        assertThat(shm.getFirst().options()).containsExactly("rbind", "rro", "rprivate");
        assertThat(list.build().getLast().options()).containsExactly("nosuid", "nodev", "size=1m");
    }

    @Test
    void limitsAreThoseOfTheHostConfig() {
        var limits = new ResourceLimits(io.drydock.linux.Linux.system())
                .of(host("{\"Memory\":64,\"NanoCpus\":1500000000,\"PidsLimit\":-1,\"CpusetCpus\":\"0\"}"));

        assertThat(limits.memory().limit()).isEqualTo(64);
        assertThat(limits.cpu().quota()).isEqualTo(150_000);
        assertThat(limits.cpu().period()).isEqualTo(100_000);
        assertThat(limits.pids().limit()).isEqualTo(-1);
        assertThat(limits.blockIO()).isNull();
    }

    @Test
    void seccompRulesDependOnCapabilities() throws Exception {
        var seccomp = DockerSeccomp.of("builtin");

        var plain = seccomp.builtin(List.of("CAP_CHOWN"));
        var admin = seccomp.builtin(List.of("CAP_SYS_ADMIN"));
        assertThat(plain.defaultAction()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(plain.syscalls().getFirst().names()).contains("read").doesNotContain("mount");
        assertThat(plain.syscalls().stream().anyMatch(rule -> rule.names().contains("mount")))
                .isFalse();
        assertThat(admin.syscalls().stream().anyMatch(rule -> rule.names().contains("mount")))
                .isTrue();
        assertThat(DockerSeccomp.of("unconfined").builtin(List.of())).isNull();
    }
}
