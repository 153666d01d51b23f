package io.drydock.docker.cli;

import io.drydock.docker.cli.catalog.Catalog;
import io.drydock.docker.cli.catalog.CommandSpec;
import io.drydock.docker.cli.catalog.FlagVersions;
import io.drydock.docker.cli.http.ConnectException;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Streams;
import io.drydock.docker.cli.session.Terminal;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One command line from its words to the exit code. */
public final class Docker {
    private final Map<String, String> environment;
    private final Streams streams;

    public Docker(Map<String, String> environment, Streams streams) {
        this.environment = environment;
        this.streams = streams;
    }

    /** Runs a command line (without the program's name); errors are written to standard error. */
    public int run(List<String> words) {
        try {
            return dispatch(words);
        } catch (CliException e) {
            return fail(e.getMessage(), e.status());
        } catch (EngineException e) {
            return fail("Error response from daemon: " + e.getMessage(), 1);
        } catch (ConnectException e) {
            return fail(e.getMessage(), 1);
        } catch (IOException e) {
            return fail(e.getMessage() == null ? e.toString() : e.getMessage(), 1);
        }
    }

    private int fail(@Nullable String message, int status) {
        streams.out().flush();
        if (message != null && !message.isEmpty()) {
            streams.err().print(message);
            streams.err().print('\n');
        }
        streams.err().flush();
        return status;
    }

    private int dispatch(List<String> words) throws CliException, IOException {
        FlagSet globals = Globals.flags(environment).interspersed(false);
        try {
            globals.parse(words);
        } catch (FlagException e) {
            throw new CliException(
                    e.getMessage() + "\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\n"
                            + "Run 'docker --help' for more information",
                    125);
        }
        if (globals.bool("version")) {
            streams.out().print("Docker version " + Cli.VERSION + ", build drydock\n");
            return 0;
        }
        List<String> rest = globals.rest();
        if (rest.isEmpty() || globals.bool("help")) {
            return help(rest, globals, words);
        }
        String word = rest.getFirst();
        if (word.equals("help")) {
            return help(rest.subList(1, rest.size()), globals, words);
        }
        CommandSpec spec = Catalog.find("", word);
        if (spec == null) {
            Integer status = Extras.run(word, rest.subList(1, rest.size()), words, environment, streams, globals);
            if (status != null) {
                return status;
            }
            throw new CliException(
                    "docker: unknown command: docker " + word + "\n\nRun 'docker --help' for more information");
        }
        List<String> arguments = rest.subList(1, rest.size());
        String name = "docker " + word;
        if (spec.isGroup()) {
            if (word.equals("builder")) {
                Integer status = Extras.builder(arguments, globals, environment, streams);
                if (status != null) {
                    return status;
                }
            }
            return group(spec, arguments, globals);
        }
        return command(spec, name, arguments, globals);
    }

    private int help(List<String> path, FlagSet globals, List<String> words) throws CliException, IOException {
        if (path.isEmpty()) {
            streams.out()
                    .print(Help.top(
                            globals, Globals.plugins(environment, globals).all(), columns()));
            return 0;
        }
        Integer status = Catalog.find("", path.getFirst()) == null
                ? Extras.plugin(path.getFirst(), words, environment, streams, globals)
                : null;
        if (status != null) {
            return status;
        }
        CommandSpec spec = Catalog.find("", path.getFirst());
        CommandSpec inner =
                spec != null && spec.isGroup() && path.size() > 1 ? Catalog.find(spec.path(), path.get(1)) : spec;
        if (inner == null) {
            throw new CliException("unknown help topic: " + String.join(" ", path));
        }
        String name = inner == spec ? path.getFirst() : inner.path();
        streams.out().print(inner.isGroup() ? Help.group(inner) : Help.command(inner, "docker " + name, columns()));
        return 0;
    }

    private int columns() {
        return streams.inTerminal() ? Terminal.columns() : 80;
    }

    private int group(CommandSpec group, List<String> arguments, FlagSet globals) throws CliException, IOException {
        String path = "docker " + group.path();
        if (arguments.isEmpty()) {
            streams.err().print(Help.group(group));
            return 0;
        }
        if (arguments.getFirst().equals("--help") || arguments.getFirst().equals("help")) {
            streams.out().print(Help.group(group));
            return 0;
        }
        String word = arguments.getFirst();
        if (word.startsWith("-") && word.length() > 1) {
            String message = word.startsWith("--")
                    ? "unknown flag: " + (word.contains("=") ? word.substring(0, word.indexOf('=')) : word)
                    : "unknown shorthand flag: '" + word.charAt(1) + "' in " + word;
            throw new CliException(
                    message + "\n\nUsage:  " + path + "\n\nRun '" + path + " --help' for more information", 125);
        }
        CommandSpec spec = Catalog.find(group.path(), word);
        if (spec == null && Catalog.children(group.path()).isEmpty()) {
            throw new CliException("docker: '" + path + " " + word + "' is not built into this client yet");
        }
        if (spec == null) {
            throw new CliException("docker: unknown command: " + path + " " + word + "\n\nUsage:  " + path + "\n\nRun '"
                    + path + " --help' for more information");
        }
        List<String> rest = arguments.subList(1, arguments.size());
        return spec.isGroup() ? group(spec, rest, globals) : command(spec, path + " " + spec.name(), rest, globals);
    }

    private int command(CommandSpec spec, String name, List<String> arguments, FlagSet globals)
            throws CliException, IOException {
        if (spec.name().equals("build")) {
            return Extras.build(arguments, globals, environment, streams);
        }
        Command command = Commands.of(spec.path());
        FlagSet flags = spec.flags();
        boolean ownHelp = flags.has("help");
        if (!ownHelp) {
            flags.define("! h help bool | Print usage");
        }
        flags.interspersed(!command.flagsFirst());
        command.prepare(flags);
        String usage = "Usage:  " + name + (spec.usage().isEmpty() ? "" : " " + spec.usage());
        try {
            flags.parse(arguments);
        } catch (FlagException e) {
            throw new CliException(
                    e.getMessage() + "\n\n" + usage + "\n\nRun '" + name + " --help' for more information", 125);
        }
        if (flags.bool("help")) {
            if (!ownHelp && arguments.contains("-h")) {
                streams.err().print("Flag shorthand -h has been deprecated, use --help\n");
            }
            streams.out().print(Help.command(spec, name, columns()));
            return 0;
        }
        checkArity(command.arity(), flags.rest().size(), name, usage.strip());
        if (flags.has("disable-content-trust")) {
            Globals.refuseContentTrust(environment, flags);
        }
        try (Cli cli = Globals.open(environment, streams, globals)) {
            checkVersions(cli, spec.path(), flags);
            return command.run(cli, flags, flags.rest());
        }
    }

    private static void checkVersions(Cli cli, String path, FlagSet flags) throws CliException, IOException {
        var errors = new ArrayList<String>(0);
        for (Map.Entry<String, String> need : FlagVersions.needed(path, flags).entrySet()) {
            if (!cli.engine().atLeast(need.getValue())) {
                errors.add("\"--" + need.getKey() + "\" requires API version " + need.getValue()
                        + ", but the Docker daemon API version is "
                        + cli.engine().version());
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
    }

    private static void checkArity(Command.Arity arity, int count, String name, String usage) throws CliException {
        int least = arity.least();
        int most = arity.most();
        if (count >= least && (most < 0 || count <= most)) {
            return;
        }
        String see = "Run";
        String what;
        if (most == 0) {
            what = "accepts no arguments";
        } else if (least == most) {
            what = "requires " + least + plural(least);
        } else if (most < 0) {
            what = "requires at least " + least + plural(least);
            see = "See";
        } else if (least == 0) {
            what = "requires at most " + most + plural(most);
        } else {
            what = "requires at least " + least + " and at most " + most + plural(most);
        }
        throw new CliException("docker: '" + name + "' " + what + "\n\n" + usage + "\n\n" + see + " '" + name
                + " --help' for more information");
    }

    private static String plural(int n) {
        return n == 1 ? " argument" : " arguments";
    }
}
