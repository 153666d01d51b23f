package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images and programs that try to reach the host. Each case names the fault of another runtime that it repeats. */
@RequiresRoot
class AttackTest {
    @TempDir
    Path directory;

    private RuntimeFixture fixture;
    private Path outside;

    @BeforeEach
    void open() throws Exception {
        fixture = new RuntimeFixture(directory);
        outside = Files.createDirectory(directory.resolve("outside"));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static void replaceByLink(Path path, Path target) throws Exception {
        Files.delete(path);
        Files.createSymbolicLink(path, target);
    }

    /** CVE-2019-19921, CVE-2023-27561: a symbolic link at /proc would take the mount elsewhere. */
    @Test
    void procMustNotBeALink() throws Exception {
        TestBundle bundle = fixture.bundle("true");
        replaceByLink(bundle.rootfs().resolve("proc"), Path.of("tmp"));
        assertThatThrownBy(() -> fixture.run("proc", bundle)).hasMessageContaining("rootfs at \"/proc\"");
    }

    /** CVE-2026-41579: /dev as a link would put nodes and links onto the host. */
    @Test
    void devAsALinkStaysInside() throws Exception {
        TestBundle bundle = fixture.bundle();
        replaceByLink(bundle.rootfs().resolve("dev"), outside);
        bundle.mounts.removeIf(mount -> mount.toString().contains("/dev"));
        fixture.shell(bundle, "true");
        try (var entries = Files.list(outside)) {
            assertThat(entries).isEmpty();
        }
    }

    /** CVE-2021-30465, CVE-2024-45310: mount points are made where the link leads inside the root, never on the host. */
    @Test
    void mountPointsBehindLinksStayInside() throws Exception {
        TestBundle bundle = fixture.bundle();
        Files.createSymbolicLink(bundle.rootfs().resolve("abs"), outside);
        Files.createSymbolicLink(bundle.rootfs().resolve("up"), Path.of("../../../../../../../../.." + outside));
        bundle.mount("/abs/one", "tmpfs", "tmpfs");
        bundle.mount("/up/two", "bind", outside.toString(), "bind");
        assertThat(fixture.shell(bundle, "ls " + outside)).isEqualTo("one\ntwo");
        try (var entries = Files.list(outside)) {
            assertThat(entries).isEmpty();
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(outside + "/one");
    }

    /** CVE-2019-16884: a mount over /proc would make writes of labels and limits go nowhere. */
    @Test
    void nothingIsMountedOverProc() throws Exception {
        for (String destination : List.of("/proc/self", "/proc/sys/../sys/kernel", "/tmp/../proc/1")) {
            TestBundle bundle = fixture.bundle("true");
            bundle.mount(destination, "tmpfs", "tmpfs");
            assertThatThrownBy(() -> fixture.run("over", bundle)).hasMessageContaining("inside /proc");
        }
    }

    /** CVE-2024-21626: a working directory through a leaked descriptor of the host. */
    @Test
    void noWorkingDirectoryOfTheHost() throws Exception {
        for (int fd = 3; fd < 12; fd++) {
            TestBundle bundle = fixture.bundle("sh", "-c", "ls; cat ../../../../../../etc/hostname");
            bundle.process.put("cwd", "/proc/self/fd/" + fd);
            int number = fd;
            assertThatThrownBy(() -> fixture.run("cwd" + number, bundle))
                    .hasMessageContaining("/proc/self/fd/" + fd(number));
        }
    }

    private static String fd(int number) {
        return Integer.toString(number);
    }

    /** CVE-2019-5736: /proc/self/exe of what becomes the program is a sealed copy in memory, never the host's file. */
    @Test
    void theHelperCannotBeOverwritten() throws Exception {
        Path keeper = Containers.keeperPath();
        byte[] before = Files.readAllBytes(keeper);
        int usage = 2;
        assertThat(fixture.run("exe", fixture.bundle("/proc/self/exe")).code()).isEqualTo(usage);
        assertThat(Files.readAllBytes(keeper)).isEqualTo(before);
    }

    /** CVE-2025-31133: the container's own /dev/null is not what masks. */
    @Test
    void masksComeFromTheHostsNullDevice() throws Exception {
        TestBundle bundle = fixture.bundle();
        Files.writeString(outside.resolve("secret"), "secret");
        replaceByLink(Files.createFile(bundle.rootfs().resolve("dev/null")), outside.resolve("secret"));
        bundle.mounts.removeIf(mount -> mount.toString().contains("/dev"));
        bundle.linux.put("maskedPaths", List.of("/etc/passwd"));
        assertThatThrownBy(() -> fixture.shell(bundle, "cat /etc/passwd")).hasMessageContaining("mknod \"/dev/null\"");
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    /** CVE-2021-30465, CVE-2024-45310: the same while a volume's owner swaps directory and link all the time. */
    @Test
    void mountPointsThatAreSwappedStayInside() throws Exception {
        int containers = 15;
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Path target = Files.createDirectory(volume.resolve("target"));
        Path link = Files.createSymbolicLink(volume.resolve("link"), outside);
        AtomicBoolean end = new AtomicBoolean();
        Thread swaps = Thread.ofPlatform().start(() -> swap(target, link, end));
        try {
            for (int i = 0; i < containers; i++) {
                TestBundle bundle = fixture.bundle("true");
                bundle.mount("/volume", "bind", volume.toString(), "bind");
                bundle.mount("/volume/target/made", "tmpfs", "tmpfs", "size=4k");
                try {
                    fixture.run("swap" + i, bundle);
                } catch (RuntimeFailure e) {
                    assertThat(e).hasMessageContaining("/volume/target/made"); // lost the race, and said so
                }
            }
        } finally {
            end.set(true);
            swaps.join();
        }
        try (var entries = Files.list(outside)) {
            assertThat(entries).isEmpty();
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/made");
    }

    private static void swap(Path target, Path link, AtomicBoolean end) {
        Path aside = target.resolveSibling("aside");
        try {
            while (!end.get()) {
                Files.move(target, aside);
                Files.move(link, target);
                Files.move(target, link);
                Files.move(aside, target);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** CVE-2016-9962, CVE-2024-21626: neither init nor an exec gets a descriptor of the runtime. */
    @Test
    void noDescriptorLeaks() throws Exception {
        String list =
                "for fd in /proc/self/fd/*; do readlink $fd; done | grep -v -e pipe: -e /dev/null -e /proc/; true";
        assertThat(fixture.shell(fixture.bundle(), list)).isEmpty();
        Container container = fixture.sleeper("leaks");
        assertThat(fixture.exec(container, "sh", "-c", list).output()).isEmpty();
    }

    /** CVE-2022-24769, CVE-2022-29162: no capability is inheritable unless the spec says so. */
    @Test
    void nothingIsInheritable() throws Exception {
        String inheritable = "CapInh:\t0000000000000000";
        assertThat(fixture.shell(fixture.bundle(), "grep CapInh /proc/self/status"))
                .isEqualTo(inheritable);
        Container container = fixture.sleeper("inherits");
        assertThat(fixture.exec(container, "grep", "CapInh", "/proc/self/status")
                        .output())
                .isEqualTo(inheritable + "\n");
    }

    /** CVE-2019-5736: the same for an exec. */
    @Test
    void theHelperCannotBeOverwrittenByAnExec() throws Exception {
        Container container = fixture.sleeper("exe2");
        int usage = 2;
        assertThat(fixture.exec(container, "/proc/self/exe").code()).isEqualTo(usage);
        assertThat(fixture.exec(container, "sh", "-c", "echo x >/proc/1/exe").code())
                .isNotZero();
    }

    /** CVE-2025-52565: /dev/console as a link would have the terminal bound onto a file of the host. */
    @Test
    void theConsoleIsNotBoundBehindALink() throws Exception {
        TestBundle bundle = fixture.bundle("true");
        Path secret = Files.writeString(outside.resolve("secret"), "secret");
        bundle.process.put("terminal", true);
        bundle.mounts.removeIf(mount -> mount instanceof Map<?, ?> map && "/dev".equals(map.get("destination")));
        Files.createSymbolicLink(bundle.rootfs().resolve("dev/console"), secret);
        assertThatThrownBy(
                        () -> fixture.containers.create(fixture.request("console", bundle, new Stdio.Terminal(null))))
                .hasMessageContaining("open terminal");
        assertThat(secret).hasContent("secret");
    }

    /** CVE-2025-52881: what is written to /proc goes where it is meant to go, whatever the container's /proc has become. */
    @Test
    void settingsAreNotWrittenThroughTheContainersProc() throws Exception {
        for (String key : List.of("net/../kernel/core_pattern", "net.ipv4/../../kernel.core_pattern")) {
            TestBundle bundle = fixture.bundle("true");
            bundle.linux.put("sysctl", Map.of(key, "|/evil"));
            assertThatThrownBy(() -> fixture.run("sysctl", bundle))
                    .hasMessageContaining("is not in a separate kernel namespace");
        }
        TestBundle bundle = fixture.bundle();
        bundle.mounts.removeIf(mount -> mount.toString().contains("/proc"));
        Path fake = Files.createDirectories(bundle.rootfs().resolve("proc/sys/net/ipv4"));
        Files.createSymbolicLink(fake.resolve("ip_forward"), outside.resolve("forward"));
        bundle.linux.put("sysctl", Map.of("net.ipv4.ip_forward", "1"));
        bundle.linux.put("maskedPaths", List.of());
        bundle.linux.put("readonlyPaths", List.of());
        fixture.shell(bundle, "true");
        assertThat(outside.resolve("forward")).doesNotExist();
    }
}
