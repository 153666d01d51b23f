package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.GuestTests;
import io.drydock.testkit.RequiresRoot;
import io.drydock.testkit.UserModeLinux;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of containers and their groups on a system with cgroup v2 alone. Each of the guest's tests is one here. The short form is
 * part of every run; {@code ./dev test-v2} runs them all.
 */
@RequiresRoot
class UnifiedGuestTest {
    private static final List<String> SHORT = List.of(
            "io.drydock.runc.runtime.OnCgroupV2",
            "io.drydock.runc.cgroups.CgroupTest",
            "io.drydock.runc.cgroups.DeviceFilterTest");
    private static final List<String> LONG = List.of(
            "io.drydock.runc.runtime.LifecycleTest",
            "io.drydock.runc.runtime.ContainerViewTest",
            "io.drydock.runc.runtime.CrashTest",
            "io.drydock.runc.runtime.AttackTest");

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> onCgroupV2() throws IOException {
        Assumptions.assumeTrue(UserModeLinux.isInstalled(), "needs the Debian package user-mode-linux");
        List<String> classes = new ArrayList<>(SHORT);
        if ("all".equals(System.getenv("DRYDOCK_GUEST"))) {
            classes.addAll(LONG);
        }
        Command.Result result = UserModeLinux.run(directory, java(classes), Duration.ofMinutes(10));
        List<GuestTests.Outcome> outcomes = GuestTests.outcomes(result.out());
        report(outcomes);
        DynamicTest end = DynamicTest.dynamicTest("the guest's end", () -> {
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(outcomes).as(result.toString()).hasSizeGreaterThanOrEqualTo(classes.size());
        });
        return Stream.concat(outcomes.stream().map(UnifiedGuestTest::test), Stream.of(end));
    }

    /** For people: {@code ./dev test-v2} prints it. */
    private static void report(List<GuestTests.Outcome> outcomes) throws IOException {
        List<String> lines = outcomes.stream()
                .map(test ->
                        (test.problem().isEmpty() ? test.skipped().isEmpty() ? "passed  " : "skipped " : "FAILED  ")
                                + test.name())
                .toList();
        Files.write(Path.of("target/guest-tests.txt"), lines);
    }

    private static DynamicTest test(GuestTests.Outcome outcome) {
        return DynamicTest.dynamicTest(outcome.name(), () -> {
            Assumptions.assumeTrue(outcome.skipped().isEmpty(), outcome.skipped());
            assertThat(outcome.problem()).as(outcome.name()).isEmpty();
        });
    }

    private static String java(List<String> classes) {
        String path = System.getProperty("java.class.path")
                + File.pathSeparator
                + Path.of("../cgroups/target/test-classes").toAbsolutePath().normalize();
        return String.join(
                " ",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=$TMPDIR -Djsonb.parserCharBufferSize=1048576",
                "-Ddrydock.keeper=" + System.getProperty("drydock.keeper"),
                "-cp '" + path + "'",
                GuestTests.class.getName(),
                String.join(" ", classes));
    }
}
