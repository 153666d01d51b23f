package io.drydock.runc.cli;

import io.drydock.linux.Linux;
import io.drydock.runc.runtime.Containers;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The runc program: one command of a container's life. */
public final class Main {
    static final String VERSION = "1.3.0-drydock";
    static final String SPEC = "1.3.0";

    /** Commands that read a bundle. */
    private static final Set<String> MAKING = Set.of("create", "run", "restore");

    private final PrintStream out;
    private final PrintStream err;
    private final Help help = new Help();

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        // not System.exit: no shutdown work is left, and it saves the time to wait for threads
        int code = new Main(System.out, System.err).run(List.of(args));
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    int run(List<String> words) {
        CommandLine global;
        try {
            global = CommandLine.parseToFirstArgument(
                    words,
                    "debug",
                    "log=",
                    "log-format=",
                    "root=",
                    "systemd-cgroup",
                    "rootless=",
                    "criu=",
                    "help,h",
                    "version,v");
        } catch (UsageException e) {
            out.println("Incorrect Usage. " + e.getMessage() + "\n");
            out.print(help.general());
            new Log("", false, false, err).error(String.valueOf(e.getMessage()));
            return 1;
        }
        if (global.has("version")) {
            out.println(
                    "runc version " + VERSION + "\ncommit: drydock\nspec: " + SPEC + "\ngo: none\nlibseccomp: none");
            return 0;
        }
        List<String> rest = global.arguments();
        if (global.has("help") || rest.isEmpty() || rest.getFirst().equals("help")) {
            out.print(help.general());
            return 0;
        }
        String file = global.get("log", "");
        Log log = new Log(
                file.equals("/dev/stderr") ? "" : file,
                global.get("log-format", "text").equals("json"),
                global.has("debug"),
                err);
        try {
            return command(rest.getFirst(), rest.subList(1, rest.size()), global, log);
        } catch (UsageException e) {
            boolean known = help.knows(rest.getFirst());
            if (known) {
                out.println("Incorrect Usage.\n\n" + help.of(rest.getFirst()));
            }
            log.error(String.valueOf(e.getMessage()));
            return known ? 1 : 3;
        } catch (IOException e) {
            log.error(prefix(rest.getFirst()) + e.getMessage());
            return rest.getFirst().equals("exec") ? 255 : 1;
        }
    }

    /** Where the original says at which of its steps it failed. */
    private static String prefix(String command) {
        return switch (command) {
            case "create", "run" -> "runc " + command + " failed: ";
            case "exec" -> "exec failed: ";
            default -> "";
        };
    }

    private int command(String name, List<String> words, CommandLine global, Log log)
            throws UsageException, IOException {
        if (!help.knows(name)) {
            throw new UsageException("No help topic for '" + name + "'");
        }
        if (words.stream().takeWhile(word -> word.startsWith("-")).anyMatch(List.of("-h", "--help")::contains)) {
            out.print(help.of(name));
            return 0;
        }
        switch (name) {
            case "spec" -> {
                return new SpecCommand().run(CommandLine.parse(words, "bundle,b=", "rootless"));
            }
            case "features" -> {
                out.println(Features.json());
                return 0;
            }
            default -> {}
        }
        if (MAKING.contains(name)) {
            // beside the first call into the kernel, whose linking takes as long
            Thread.ofPlatform().daemon().name("prepare").start(() -> OciJson.prepare(Spec.class));
        }
        Linux linux = Linux.system();
        Path root = Path.of(global.get("root", RootDirectory.standard(linux, System.getenv("XDG_RUNTIME_DIR"))));
        Containers.Config config =
                new Containers.Config(linux, root, Containers.keeperPath(), log::warning).withDebug(log::debug);
        switch (global.get("rootless", "auto")) {
            case "auto" -> {}
            case "true" -> config = config.withRootlessCgroups(true);
            case "false" -> config = config.withRootlessCgroups(false);
            default ->
                throw new IOException(
                        "strconv.ParseBool: parsing \"" + global.get("rootless", "") + "\": invalid syntax");
        }
        if (!global.get("criu", "").isEmpty()) {
            log.warning("--criu ignored (criu binary from $PATH is used); do not use");
        }
        try (Containers containers = Containers.open(config)) {
            boolean systemd = global.has("systemd-cgroup");
            return switch (name) {
                case "create" -> new CreateCommand(containers, config, systemd).create(words);
                case "run" -> new CreateCommand(containers, config, systemd).run(words);
                case "restore" -> new CreateCommand(containers, config, systemd).restore(words);
                case "checkpoint" -> new CheckpointCommand(containers, log).run(words);
                case "exec" -> new ExecCommand(containers, config.linux(), out).run(words);
                case "start", "state", "kill", "delete", "pause", "resume", "ps", "list" ->
                    new SmallCommands(containers, config, out).run(name, words);
                case "update" -> new UpdateCommand(containers, log).run(words);
                case "events" -> new EventsCommand(containers, config.linux(), out).run(words);
                default -> throw new IOException("runc " + name + " is not supported");
            };
        }
    }
}
