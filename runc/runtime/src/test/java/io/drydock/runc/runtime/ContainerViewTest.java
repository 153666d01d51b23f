package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program sees of the spec from inside. */
@RequiresRoot
class ContainerViewTest {
    @TempDir
    Path directory;

    private RuntimeFixture fixture;

    @BeforeEach
    void open() {
        fixture = new RuntimeFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void namesAndNamespacesAreItsOwn() throws Exception {
        String seen =
                fixture.shell(fixture.bundle(), "hostname; echo $$; readlink /proc/self/ns/uts; ls / | grep -c .");
        String[] lines = seen.split("\n");
        assertThat(lines[0]).isEqualTo("drydock");
        assertThat(lines[1]).isEqualTo("1");
        assertThat(lines[2])
                .isNotEqualTo(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString());
        assertThat(lines[3]).isEqualTo("7");
    }

    @Test
    void devicesLinksAndMounts() throws Exception {
        String seen = fixture.shell(
                fixture.bundle(),
                "stat -c '%n %F %t:%T %a' /dev/null /dev/tty; for l in fd stdout ptmx; do readlink /dev/$l; done;"
                        + "echo x >/dev/null && echo null; stat -c %a /dev/shm; grep -c ' / / ' /proc/self/mountinfo");
        assertThat(seen.split("\n"))
                .containsExactly(
                        "/dev/null character special file 1:3 666",
                        "/dev/tty character special file 5:0 666",
                        "/proc/self/fd",
                        "/proc/self/fd/1",
                        "pts/ptmx",
                        "null",
                        "1777",
                        "0");
    }

    @Test
    void maskedAndReadonlyPaths() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.linux.put("maskedPaths", List.of("/etc/passwd", "/sys/firmware", "/root", "/proc/nothing"));
        String seen = fixture.shell(
                bundle,
                "echo x 2>&1 >/proc/sys/kernel/hostname; echo /root/*; read l </etc/passwd || echo empty; [ -c /etc/passwd ] && echo node;"
                        + "echo x 2>&1 >/root/y; true");
        assertThat(seen.split("\n"))
                .containsExactly(
                        "sh: can't create /proc/sys/kernel/hostname: Read-only file system",
                        "/root/*",
                        "empty",
                        "node",
                        "sh: can't create /root/y: Read-only file system");
    }

    @Test
    void readonlyRootAndBindMounts() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.writeString(shared.resolve("in"), "from the host");
        TestBundle bundle = fixture.bundle();
        bundle.config.put("root", Map.of("path", "rootfs", "readonly", true));
        bundle.mount("/new/deep/rw", "bind", shared.toString(), "rbind", "rprivate");
        bundle.mount("/new/ro", "bind", shared.toString(), "rbind", "ro");
        bundle.mount("/etc/file", "bind", shared.resolve("in").toString(), "bind", "ro");
        String seen = fixture.shell(
                bundle,
                "cat /new/deep/rw/in; echo; cat /etc/file; echo; echo y >/new/deep/rw/out && echo written;"
                        + "touch /new/ro/x 2>&1; touch /x 2>&1; true");
        assertThat(seen.split("\n"))
                .containsExactly(
                        "from the host",
                        "from the host",
                        "written",
                        "touch: /new/ro/x: Read-only file system",
                        "touch: /x: Read-only file system");
        assertThat(shared.resolve("out")).hasContent("y\n");
    }

    @Test
    void userGroupsUmaskAndHome() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.process.put("user", Map.of("uid", 1000, "gid", 100, "additionalGids", List.of(5, 6), "umask", 077));
        String seen = fixture.shell(bundle, "id -u; id -g; id -G; umask; echo $HOME; grep CapEff /proc/self/status");
        assertThat(seen.split("\n"))
                .containsExactly("1000", "100", "100 5 6", "0077", "/home/user", "CapEff:\t0000000000000000");
    }

    @Test
    void capabilitiesAndNoNewPrivileges() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.process.put("noNewPrivileges", true);
        bundle.process.put(
                "capabilities",
                Map.of(
                        "bounding",
                        List.of("CAP_CHOWN", "CAP_KILL"),
                        "effective",
                        List.of("CAP_CHOWN"),
                        "permitted",
                        List.of("CAP_CHOWN", "CAP_KILL"),
                        "inheritable",
                        List.of("CAP_KILL"),
                        "ambient",
                        List.of("CAP_KILL")));
        bundle.process.put("user", Map.of("uid", 1000, "gid", 1000));
        String seen = fixture.shell(bundle, "grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNew' /proc/self/status");
        assertThat(seen.split("\n"))
                .containsExactly(
                        "CapInh:\t0000000000000020",
                        "CapPrm:\t0000000000000020",
                        "CapEff:\t0000000000000020",
                        "CapBnd:\t0000000000000021",
                        "CapAmb:\t0000000000000020",
                        "NoNewPrivs:\t1");
    }

    @Test
    void limitsThatCannotBeRaisedAreWarnings() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.process.put("rlimits", List.of(Map.of("type", "RLIMIT_NOFILE", "soft", 77, "hard", 99)));
        assertThat(fixture.shell(bundle, "ulimit -n; ulimit -Hn")).isEqualTo("77\n99");
    }

    @Test
    void sysctlsAndCgroupLimits() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.linux.put("sysctl", Map.of("net.ipv4.ip_unprivileged_port_start", "77", "kernel.msgmax", "4096"));
        bundle.linux.put(
                "resources",
                Map.of(
                        "devices",
                        List.of(Map.of("allow", false, "access", "rwm")),
                        "memory",
                        Map.of("limit", 67108864),
                        "pids",
                        Map.of("limit", 33)));
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
        String seen = fixture.shell(
                bundle,
                "cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/msgmax;"
                        + "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null;"
                        + "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null;"
                        + "touch /sys/fs/cgroup/x 2>&1; echo x >/dev/null && echo null");
        assertThat(seen.split("\n"))
                .containsExactly(
                        "77", "4096", "67108864", "33", "touch: /sys/fs/cgroup/x: Read-only file system", "null");
    }

    @Test
    void noDescriptorLeaksIntoTheProgram() throws Exception {
        // 3 is the directory that ls itself reads
        assertThat(fixture.run("fds", fixture.bundle("ls", "/proc/self/fd")).output())
                .isEqualTo("0\n1\n2\n3\n");
    }

    @Test
    void userNamespaceMapsRoot() throws Exception {
        TestBundle bundle = fixture.bundle();
        List<Object> namespaces = new ArrayList<>(List.of(
                TestBundle.namespace("mount"),
                TestBundle.namespace("pid"),
                TestBundle.namespace("network"),
                TestBundle.namespace("ipc"),
                TestBundle.namespace("uts"),
                TestBundle.namespace("user")));
        bundle.linux.put("namespaces", namespaces);
        List<Object> mapping = List.of(Map.of("containerID", 0, "hostID", 100000, "size", 65536));
        bundle.linux.put("uidMappings", mapping);
        bundle.linux.put("gidMappings", mapping);
        for (Path parent = directory; parent != null && !parent.equals(Path.of("/tmp")); parent = parent.getParent()) {
            if (Files.isDirectory(parent) && parent.startsWith("/tmp")) {
                Files.setPosixFilePermissions(
                        parent, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        String seen =
                fixture.shell(bundle, "id -u; cat /proc/self/uid_map; stat -c %u /; echo x >/dev/null && echo null");
        assertThat(seen.lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly("0", "0 100000 65536", "65534", "null");
    }

    @Test
    void aMountNamespaceIsJoinedByItsPath() throws Exception {
        Process other = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "1000").start();
        try {
            Path path = Path.of("/proc/" + other.pid() + "/ns/mnt");
            Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
            Await.until("it has its own", () -> !Files.readSymbolicLink(path).equals(ours));
            TestBundle bundle = fixture.bundle();
            bundle.linux.put(
                    "namespaces",
                    List.of(
                            Map.of("type", "mount", "path", path.toString()),
                            TestBundle.namespace("pid"),
                            TestBundle.namespace("ipc"),
                            TestBundle.namespace("uts")));
            assertThat(fixture.shell(bundle, "readlink /proc/self/ns/mnt; echo $$"))
                    .isEqualTo(Files.readSymbolicLink(path) + "\n1");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void hooksRunInOrderAndSeeTheState() throws Exception {
        Path log = directory.resolve("log");
        TestBundle bundle = fixture.bundle();
        bundle.mount("/log", "bind", Files.createFile(log).toString(), "bind");
        Map<String, Object> hooks = new java.util.LinkedHashMap<>();
        for (String kind : List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            hooks.put(kind, List.of(hook("/bin/sh", kind, log.toString())));
        }
        hooks.put("startContainer", List.of(hook("/bin/sh", "startContainer", "/log")));
        bundle.config.put("hooks", hooks);
        fixture.shell(bundle, "echo program >>/log");
        List<String> lines = Files.readAllLines(log);
        assertThat(lines.stream().map(line -> line.split(" ")[0]))
                .startsWith("prestart", "createRuntime", "createContainer", "startContainer")
                .endsWith("poststop");
        assertThat(lines).contains("program");
        assertThat(lines.get(0)).contains("\"status\":\"creating\"").contains("\"id\":\"shell-1\"");
        assertThat(lines.get(2)).contains("\"status\":\"creating\"").contains("\"pid\":");
        assertThat(lines.get(3)).contains("\"status\":\"created\"");
        assertThat(lines.getLast()).contains("\"status\":\"stopped\"");
    }

    private static Map<String, Object> hook(String shell, String kind, String log) {
        return Map.of("path", shell, "args", List.of("sh", "-c", "echo " + kind + " $(cat) >>" + log));
    }

    @Test
    void failingHookStopsTheCreation() throws Exception {
        TestBundle bundle = fixture.bundle("true");
        bundle.config.put(
                "hooks",
                Map.of(
                        "prestart",
                        List.of(Map.of("path", "/bin/sh", "args", List.of("sh", "-c", "echo why; exit 9")))));
        assertThatThrownBy(() -> fixture.run("hook", bundle))
                .hasMessage("error running prestart hook #0: exit status 9, output: why");
        assertThat(fixture.containers.list()).isEmpty();
        assertThat(directory.resolve("state/hook")).doesNotExist();
    }

    @Test
    void seccompFiltersSystemCalls() throws Exception {
        for (boolean noNewPrivileges : List.of(false, true)) {
            TestBundle bundle = fixture.bundle();
            bundle.process.put("noNewPrivileges", noNewPrivileges);
            bundle.linux.put(
                    "seccomp",
                    Map.of(
                            "defaultAction",
                            "SCMP_ACT_ALLOW",
                            "architectures",
                            List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86"),
                            "syscalls",
                            List.of(Map.of(
                                    "names",
                                    List.of("mkdir", "mkdirat"),
                                    "action",
                                    "SCMP_ACT_ERRNO",
                                    "errnoRet",
                                    28))));
            assertThat(fixture.shell(bundle, "mkdir /x 2>&1; touch /y && grep Seccomp: /proc/self/status"))
                    .isEqualTo("mkdir: can't create directory '/x': No space left on device\nSeccomp:\t2");
        }
    }
}
