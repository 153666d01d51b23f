package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A spec that is wrong: one clear line, exit code 1, and no trace. */
@RequiresRoot
class BadSpecTest {
    @TempDir
    Path directory;

    private static Arguments bad(String what, UnaryOperator<String> change, String said) {
        return Arguments.of(what, change, said);
    }

    private static Arguments linux(String what, String member, String said) {
        return bad(what, spec -> spec.replace("\"linux\": {", "\"linux\": {" + member + ","), said);
    }

    static Stream<Arguments> specs() {
        return Stream.of(
                bad(
                        "an unknown namespace",
                        spec -> spec.replace("\"type\": \"uts\"", "\"type\": \"zen\""),
                        "namespace \\\"zen\\\" does not exist"),
                bad(
                        "a namespace twice",
                        spec -> spec.replace("\"type\": \"uts\"", "\"type\": \"ipc\""),
                        "malformed spec file: duplicated ns \\\"ipc\\\""),
                bad(
                        "a relative directory",
                        spec -> spec.replace("\"cwd\": \"/\"", "\"cwd\": \"tmp\""),
                        "Cwd must be an absolute path"),
                bad(
                        "no root file system",
                        spec -> spec.replace("\"path\": \"rootfs\"", "\"path\": \"nowhere\""),
                        "invalid rootfs: stat "),
                bad(
                        "a capability that can be none",
                        spec -> spec.replace("\"CAP_KILL\"", "\"cap kill\""),
                        "invalid capability \\\"cap kill\\\""),
                bad("no program", spec -> spec.replace("\"sh\"", ""), "args must not be empty"),
                linux(
                        "maps that overlap",
                        "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1000, \"size\": 10},"
                                + "{\"containerID\": 5, \"hostID\": 5000, \"size\": 10}]",
                        "user namespace mappings specified, but user namespace isn't enabled in the config"),
                bad(
                        "maps that overlap in a user namespace",
                        spec -> spec.replace(
                                        "\"linux\": {",
                                        "\"linux\": {\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1000, \"size\": 10},"
                                                + "{\"containerID\": 5, \"hostID\": 5000, \"size\": 10}],")
                                .replace("\"type\": \"uts\"", "\"type\": \"user\"")
                                .replace("\"hostname\": \"runc\",", ""),
                        "uidMappings overlap"),
                linux(
                        "a sysctl of the host",
                        "\"sysctl\": {\"kernel.panic\": \"1\"}",
                        "is not in a separate kernel namespace"),
                linux(
                        "offsets without a time namespace",
                        "\"timeOffsets\": {\"monotonic\": {\"secs\": 1}}",
                        "time namespace offsets specified, but time namespace isn't enabled in the config"),
                bad("JSON that is cut off", spec -> spec.substring(0, spec.length() / 2), "invalid JSON: "),
                bad("ten megabytes of nesting", spec -> "[".repeat(10 << 20), "invalid JSON: nested more than "),
                bad("something else than an object", spec -> "7", "invalid JSON"),
                bad("an empty file", spec -> "", "invalid JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("specs")
    void isRefused(String what, UnaryOperator<String> change, String said) throws Exception {
        Path bundle = Files.createDirectories(directory.resolve("bundle"));
        Files.createDirectories(bundle.resolve("rootfs"));
        Path state = directory.resolve("state");
        run(List.of("spec", "--bundle", bundle.toString()));
        Path config = bundle.resolve("config.json");
        String group = "runc-bad-" + ProcessHandle.current().pid();
        String good = Files.readString(config)
                .replace("\"terminal\": true", "\"terminal\": false")
                .replace("\"linux\": {", "\"linux\": {\"cgroupsPath\": \"/" + group + "\",");
        Files.writeString(config, change.apply(good));
        Ran ran = run(List.of("--root", state.toString(), "run", "--bundle", bundle.toString(), "bad"));
        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.err()).contains("level=error", said);
        if (Files.exists(state)) {
            assertThat(state).isEmptyDirectory();
        }
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            assertThat(hierarchies.map(h -> h.resolve(group))).noneMatch(Files::exists);
        }
    }

    private record Ran(int code, String err) {}

    private static Ran run(List<String> words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        int code = new Main(nowhere, new PrintStream(err, true, StandardCharsets.UTF_8)).run(words);
        return new Ran(code, err.toString(StandardCharsets.UTF_8));
    }
}
