package io.drydock.runc.cli;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The program as a process, its private state, and a bundle of busybox. */
final class RuncProgram {
    private final Path directory;
    private final Path bundle;

    RuncProgram(Path directory) throws IOException {
        this.directory = directory;
        this.bundle = Files.createDirectory(directory.resolve("bundle"));
        for (String name : List.of("bin", "dev", "proc", "sys", "etc")) {
            Files.createDirectories(bundle.resolve("rootfs/" + name));
        }
        Files.copy(Path.of("/bin/busybox"), bundle.resolve("rootfs/bin/busybox"));
        for (String applet : List.of("sh", "echo", "sleep", "cat", "ip", "env", "ls")) {
            Files.createSymbolicLink(bundle.resolve("rootfs/bin/" + applet), Path.of("busybox"));
        }
        run("spec", "--bundle", bundle.toString()).ok();
    }

    String bundle() {
        return bundle.toString();
    }

    String[] words(String... words) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Ddrydock.keeper=" + System.getProperty("drydock.keeper"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.drydock.runc.cli.Main",
                "--root",
                directory.resolve("state").toString()));
        line.addAll(List.of(words));
        return line.toArray(String[]::new);
    }

    Command command(String... words) {
        return Command.of(words(words));
    }

    Command.Result run(String... words) {
        return command(words).run();
    }

    /** Runs a command whose container must not hold the pipes of a test's command. */
    void background(String... words) {
        background(command(words));
    }

    void background(Command command) {
        Command quiet = Command.of("sh", "-c", String.join(" ", command.words()) + " </dev/null >/dev/null 2>&1");
        for (Map.Entry<String, @Nullable String> variable :
                command.environment().entrySet()) {
            quiet = quiet.withVariable(variable.getKey(), variable.getValue());
        }
        quiet.run().ok();
    }

    void change(UnaryOperator<String> edit) throws IOException {
        Path config = bundle.resolve("config.json");
        Files.writeString(config, edit.apply(Files.readString(config)));
    }

    /** {@code args}: the program's, as JSON strings; {@code linux}: more members of that object, each with a comma behind it. */
    void configure(String args, String linux) throws IOException {
        Path config = bundle.resolve("config.json");
        // a group of its own: the root's name would meet other tests
        String group =
                "\"cgroupsPath\": \"/runc-test-" + ProcessHandle.current().pid() + "\",";
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"terminal\": true", "\"terminal\": false")
                        .replaceFirst("\"sh\"", args.replace("\\", "\\\\"))
                        .replace("\"linux\": {", "\"linux\": {" + group + linux));
    }
}
