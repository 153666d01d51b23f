package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Ms;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts that need more than a call of {@code mount(2)}. */
@RequiresRoot
class MountsTest {
    private static final Map<String, Object> IDS = Map.of("containerID", 0, "hostID", 100000, "size", 65536);

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
    void copyUpFillsATmpfsWithWhatItCovers() throws Exception {
        TestBundle bundle = fixture.bundle();
        Path covered = Files.createDirectories(bundle.rootfs().resolve("data/sub"));
        Files.writeString(covered.resolve("file"), "content");
        Files.createSymbolicLink(covered.resolve("link"), Path.of("file"));
        Files.setAttribute(covered.resolve("file"), "unix:uid", 1000);
        Files.setAttribute(covered.resolve("file"), "unix:mode", 04750);
        bundle.mount("/data", "tmpfs", "tmpfs", "tmpcopyup", "ro");
        String seen = fixture.shell(
                bundle,
                "cat /data/sub/link; echo; stat -c '%a %u' /data/sub/file; grep -c ' /data ' /proc/self/mountinfo;"
                        + "touch /data/x 2>&1; true");
        assertThat(seen.split("\n"))
                .containsExactly("content", "4750 1000", "1", "touch: /data/x: Read-only file system");
    }

    private void mappedMount(TestBundle bundle, Path source, String... options) {
        Map<String, Object> mount = new HashMap<>(Map.of(
                "destination", "/mapped", "type", "bind", "source", source.toString(), "options", List.of(options)));
        if (!List.of(options).contains("idmap")) {
            mount.put("uidMappings", List.of(IDS));
            mount.put("gidMappings", List.of(IDS));
        }
        bundle.mounts.add(mount);
    }

    private Path ownedFile(Path where) throws Exception {
        Path source = Files.createDirectories(where);
        Files.writeString(source.resolve("file"), "x");
        Files.setAttribute(source.resolve("file"), "unix:uid", 7);
        Files.setAttribute(source.resolve("file"), "unix:gid", 8);
        return source;
    }

    @Test
    void idsOfAMountAreMapped() throws Exception {
        TestBundle bundle = fixture.bundle();
        // below the root file system's own, where ids can be mapped
        mappedMount(bundle, ownedFile(bundle.path.resolve("source")), "bind");
        assertThat(fixture.shell(bundle, "stat -c '%u %g' /mapped/file")).isEqualTo("100007 100008");
    }

    @Test
    void idsOfWhatAnEarlierMountBringsAreMapped() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.mount("/earlier", "tmpfs", "tmpfs", "mode=755");
        mappedMount(bundle, bundle.rootfs().toRealPath().resolve("earlier"), "bind");
        assertThat(fixture.shell(bundle, "stat -c '%u %g' /earlier /mapped")).isEqualTo("0 0\n100000 100000");
    }

    @Test
    void idsOfAMountAreMappedAsTheContainersUserNamespaceSays() throws Exception {
        TestBundle bundle = fixture.bundle();
        Path secret = Files.createDirectory(bundle.path.resolve("secret"));
        Path source = ownedFile(secret.resolve("source"));
        Files.setAttribute(secret, "unix:mode", 0700); // the container's root may not pass, the runtime may
        mappedMount(bundle, source, "bind", "idmap");
        inUserNamespace(bundle);
        assertThat(fixture.shell(bundle, "stat -c '%u %g' /mapped/file; touch /mapped/new && stat -c %u /mapped/new"))
                .isEqualTo("7 8\n0");
        assertThat(Files.getAttribute(source.resolve("new"), "unix:uid")).isEqualTo(0);
    }

    private void inUserNamespace(TestBundle bundle) throws Exception {
        List<Object> namespaces = new ArrayList<>((List<?>) bundle.linux.get("namespaces"));
        namespaces.add(TestBundle.namespace("user"));
        bundle.linux.put("namespaces", namespaces);
        bundle.linux.put("uidMappings", List.of(IDS));
        bundle.linux.put("gidMappings", List.of(IDS));
        for (Path p = bundle.path; p != null && p.startsWith(directory); p = p.getParent()) {
            Files.setAttribute(p, "unix:mode", 0755);
        }
        try (var tree = Files.walk(bundle.rootfs())) {
            for (Path path : tree.toList()) {
                Files.setAttribute(path, "unix:uid", 100000, java.nio.file.LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", 100000, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    @Test
    void inAUserNamespaceWhatTheHostForbidsStaysForbidden() throws Exception {
        Path source = Files.createDirectory(directory.resolve("shared"));
        long flags = Ms.NODEV | Ms.NOSUID | Ms.NOEXEC | Ms.NOATIME;
        fixture.linux.mounts().mount("tmpfs", source.toString(), "tmpfs", flags, "mode=755");
        try {
            TestBundle bundle = fixture.bundle();
            bundle.mount("/shared", "bind", source.toString(), "bind", "ro");
            bundle.mount("/times", "bind", source.toString(), "bind", "nodiratime");
            assertThat(flagsOf(bundle, "/shared")).isEqualTo("ro,noatime");
            assertThat(flagsOf(bundle, "/times")).isEqualTo("rw,nodiratime,relatime");
            bundle.mounts.removeLast();
            inUserNamespace(bundle);
            assertThat(flagsOf(bundle, "/shared")).isEqualTo("ro,nosuid,nodev,noexec,noatime");
            TestBundle clearing = fixture.bundle("true");
            clearing.mount("/shared", "bind", source.toString(), "bind", "dev");
            inUserNamespace(clearing);
            assertThatThrownBy(() -> fixture.run("clearing", clearing))
                    .hasMessageContaining("cannot clear locked flags: operation not permitted");
        } finally {
            fixture.linux.mounts().umount(source.toString(), 0);
        }
    }

    private String flagsOf(TestBundle bundle, String point) throws Exception {
        String line = fixture.shell(bundle, "grep ' " + point + " ' /proc/self/mountinfo");
        return line.split(" ")[5];
    }

    @Test
    void aTmpfsHasTheModeOfWhatItCoversAmongItsOptions() throws Exception {
        TestBundle bundle = fixture.bundle();
        Files.setAttribute(Files.createDirectory(bundle.rootfs().resolve("covered")), "unix:mode", 0710);
        bundle.mount("/covered", "tmpfs", "tmpfs", "size=1m");
        assertThat(fixture.shell(bundle, "stat -c %a /covered; grep ' /covered ' /proc/self/mounts"))
                .startsWith("710\n")
                .contains(",mode=710");
    }

    @Test
    void mappingsMustBeComplete() throws Exception {
        TestBundle bundle = fixture.bundle("true");
        mappedMount(bundle, ownedFile(bundle.path.resolve("source")), "bind", "idmap");
        assertThatThrownBy(() -> fixture.run("incomplete", bundle))
                .hasMessageContaining("id-mapped mounts must have both uid and gid mappings specified");
    }

    @Test
    void aTmpfsBehindAnAbsoluteLinkMayBeReadOnly() throws Exception {
        TestBundle bundle = fixture.bundle();
        Files.createDirectories(bundle.rootfs().resolve("real/conf"));
        Files.createSymbolicLink(bundle.rootfs().resolve("conf"), Path.of("/real/conf"));
        bundle.mount("/conf/stack", "tmpfs", "tmpfs", "ro");
        assertThat(fixture.shell(bundle, "grep -c ' /real/conf/stack ro' /proc/self/mountinfo"))
                .isEqualTo("1");
    }

    @Test
    void withoutPivotTheHostsProcIsOutOfReach() throws Exception {
        TestBundle bundle = fixture.bundle("sh", "-c", "cat /proc/self/mountinfo");
        CreateRequest plain = fixture.request("moved", bundle, new Stdio.Descriptors(null, null, null, List.of()));
        Path seen = bundle.path.resolve("seen");
        try (io.drydock.linux.Fd out =
                fixture.linux.files().open(seen.toString(), io.drydock.linux.O.WRONLY | io.drydock.linux.O.CREAT)) {
            Container container = fixture.containers.create(new CreateRequest(
                    plain.id(),
                    plain.bundle(),
                    List.of(),
                    new Stdio.Descriptors(null, out, out, List.of()),
                    List.of(),
                    new CreateRequest.Options(true, false, false)));
            container.start();
            assertThat(container.init().exit().get().status().shellCode()).isZero();
            container.delete(false);
        }
        assertThat(Files.readAllLines(seen).stream().filter(line -> line.contains(" - proc ")))
                .allMatch(line -> line.contains(" /proc"));
    }

    @Test
    void procIsNeverSomethingElse() throws Exception {
        for (String type : List.of("tmpfs", "bind")) {
            TestBundle bundle = fixture.bundle("true");
            bundle.mount("/proc", type, "/tmp", type.equals("bind") ? "rbind" : "rw");
            assertThatThrownBy(() -> fixture.run("proc-" + type, bundle))
                    .hasMessageContaining("\"/proc\" cannot be mounted because it is not of type proc");
        }
    }

    @Test
    void createContainerHooksStandInTheRoot() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.config.put(
                "hooks",
                Map.of(
                        "createContainer",
                        List.of(Map.of("path", "/bin/sh", "args", List.of("sh", "-c", "pwd >./etc/where")))));
        assertThat(fixture.shell(bundle, "cat /etc/where"))
                .isEqualTo(bundle.rootfs().toRealPath().toString());
    }
}
