package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program run by an ordinary user, {@code nobody}. It runs in a mount namespace where {@code /etc/subuid} is a file of the
 * test's, and where the user can reach the program wherever this machine keeps it.
 */
@RequiresRoot
class RootlessTest {
    private static final String USER = "65534";

    @TempDir
    Path directory;

    private final List<String> classPath = new ArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        Path rootfs = directory.resolve("bundle/rootfs");
        for (String name : List.of("bin", "dev", "proc", "sys", "etc", "tmp")) {
            Files.createDirectories(rootfs.resolve(name));
        }
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        for (String applet : List.of("sh", "id", "cat", "ls", "sleep", "echo", "touch")) {
            Files.createSymbolicLink(rootfs.resolve("bin/" + applet), Path.of("busybox"));
        }
        Files.createDirectory(directory.resolve("run"));
        Files.createDirectory(directory.resolve("jdk"));
        Files.writeString(directory.resolve("subordinate"), "nobody:200000:65536\n");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Command.of(
                        "cp",
                        System.getProperty("drydock.keeper"),
                        directory.resolve("keeper").toString())
                .run()
                .ok();
        Command.of(
                        "chown",
                        "-R",
                        USER + ":" + USER,
                        directory.resolve("bundle").toString(),
                        directory.resolve("run").toString())
                .run()
                .ok();
        copyClassPath();
        asUser("cd bundle; runc spec --rootless").ok();
    }

    private void copyClassPath() throws IOException {
        Path copies = Files.createDirectory(directory.resolve("classes"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path copy = copies.resolve(classPath.size() + "-" + Path.of(entry).getFileName());
            if (Files.exists(Path.of(entry)) && !entry.contains("test-classes") && !entry.contains("junit")) {
                Command.of("cp", "-r", entry, copy.toString()).run().ok();
                classPath.add(copy.toString());
            }
        }
    }

    /** A script of the user's in the test's directory, with a function {@code runc}. */
    private Command.Result asUser(String script) throws IOException {
        Path steps = directory.resolve("steps");
        Files.writeString(steps, """
                cd %1$s
                export XDG_RUNTIME_DIR=%1$s/run
                runc() {
                  %1$s/jdk/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \\
                    --enable-native-access=ALL-UNNAMED -Ddrydock.keeper=%1$s/keeper \\
                    -cp %2$s io.drydock.runc.cli.Main "$@"
                }
                %3$s
                """.formatted(directory, String.join(File.pathSeparator, classPath), script));
        return Command.of("unshare", "--mount", "--propagation", "private", "sh", "-c", """
                        mount --bind %2$s %1$s/jdk
                        for file in subuid subgid; do
                          [ -e /etc/$file ] && mount --bind %1$s/subordinate /etc/$file
                        done
                        exec setpriv --reuid %3$s --regid %3$s --clear-groups bash %1$s/steps
                        """.formatted(
                                directory, System.getProperty("java.home"), USER))
                .run();
    }

    private void configure(String... replacements) throws IOException {
        Path config = directory.resolve("bundle/config.json");
        String json = Files.readString(config).replace("\"terminal\": true", "\"terminal\": false");
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(json).contains(replacements[i]);
            json = json.replace(replacements[i], replacements[i + 1]);
        }
        Files.writeString(config, json);
    }

    @Test
    void isRootOfItsContainerAndNobodyOutside() throws Exception {
        configure(
                "\"sh\"", "\"sh\", \"-c\", \"id -u; cat /proc/self/setgroups; echo x > /tmp/file; echo > /dev/null\"",
                "\"readonly\": true", "\"readonly\": false");
        Command.Result result = asUser("runc run -b bundle first").ok();
        assertThat(result.out()).isEqualTo("0\ndeny\n");
        Path made = directory.resolve("bundle/rootfs/tmp/file");
        assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(Integer.parseInt(USER));
        assertThat(directory.resolve("run/runc")).as("its state").isEmptyDirectory();
        assertThat((int) Files.getAttribute(directory.resolve("run/runc"), "unix:mode") & 07777)
                .isEqualTo(01700);
    }

    @Test
    void hasALifeByManyCommands() throws Exception {
        configure("\"sh\"", "\"sleep\", \"1000\"");
        Command.Result result = asUser("""
                runc run -d -b bundle life < /dev/null > /dev/null 2>&1 || echo not started
                runc list -q
                runc exec life id -u
                runc pause life
                runc kill life KILL
                until runc delete life; do sleep 0.1; done
                runc list -q
                """);
        assertThat(result.out()).isEqualTo("life\n0\n");
        assertThat(result.err()).contains("cannot toggle freezer: cgroups not configured for container");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void limitsAndGroupsThatItCannotHaveAreErrors() throws Exception {
        configure("\"linux\": {", "\"linux\": { \"resources\": { \"pids\": { \"limit\": 10 } },");
        Command.Result limited = asUser("runc run -b bundle limited");
        assertThat(limited.exitCode()).isEqualTo(1);
        assertThat(limited.err())
                .containsAnyOf(
                        "cannot set pids limit: container could not join or create cgroup",
                        "rootless needs no limits + no cgrouppath when no permission is granted for cgroups");
        configure("\"resources\": { \"pids\": { \"limit\": 10 } }", "\"cgroupsPath\": \"/drydock-rootless\"");
        Command.Result placed = asUser("runc run -b bundle placed");
        assertThat(placed.exitCode()).isEqualTo(1);
        assertThat(placed.err()).contains("permission denied");
        assertThat(asUser("rm bundle/config.json; cd bundle; runc spec; runc run privileged")
                        .err())
                .contains("rootless container requires user namespaces");
        assertThat(directory.resolve("run/runc")).as("its state").isEmptyDirectory();
    }

    @Test
    void mapsMoreIdsWithTheSetUidPrograms() throws Exception {
        boolean installed = Files.exists(Path.of("/usr/bin/newuidmap")) && Files.exists(Path.of("/etc/subuid"));
        Assumptions.assumeTrue(installed, "needs the Debian package uidmap");
        String own = "\"hostID\": " + USER + ",\n\t\t\t\t\"size\": 1\n\t\t\t}";
        configure(
                own,
                own + ", { \"containerID\": 1, \"hostID\": 200000, \"size\": 1000 }",
                "\"uid\": 0",
                "\"uid\": 5, \"additionalGids\": [7]",
                "\"gid\": 0",
                "\"gid\": 6",
                "\"sh\"",
                "\"sh\", \"-c\", \"id; cat /proc/self/uid_map\"");
        Command.Result result = asUser("runc run -b bundle many").ok();
        assertThat(result.out()).startsWith("uid=5 gid=6 groups=7\n").containsPattern("1 +200000 +1000\n");
        configure("\"hostID\": 200000", "\"hostID\": 300000");
        Command.Result refused = asUser("runc run -b bundle foreign");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("write id maps: operation not permitted");
    }
}
