package io.drydock.docker.cli;

import io.drydock.docker.cli.catalog.Catalog;
import io.drydock.docker.cli.completion.Completion;
import io.drydock.docker.cli.completion.CompletionScript;
import io.drydock.docker.cli.plugin.CliPlugin;
import io.drydock.docker.cli.plugin.PluginRun;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Streams;
import io.drydock.flags.Flag;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Words at the top level that are no commands of the table: completion, and plugins. */
final class Extras {
    private Extras() {}

    /** The exit code, or null if the word means nothing. {@code words} is the whole command line. */
    static @Nullable Integer run(
            String word,
            List<String> arguments,
            List<String> words,
            Map<String, String> environment,
            Streams streams,
            FlagSet globals)
            throws IOException, CliException {
        return switch (word) {
            case "__complete", "__completeNoDesc" ->
                complete(arguments, word.equals("__complete"), words, environment, streams);
            case "completion" -> script(arguments, streams);
            case "bake" -> bake(arguments, globals, environment, streams);
            default -> plugin(word, words, environment, streams, globals);
        };
    }

    /** Runs the plugin of that name; null if there is none. */
    static @Nullable Integer plugin(
            String name, List<String> words, Map<String, String> environment, Streams streams, FlagSet globals)
            throws IOException {
        CliPlugin plugin = Globals.plugins(environment, globals).find(name);
        if (plugin == null) {
            return null;
        }
        streams.flush();
        return PluginRun.of(plugin, words);
    }

    /** Images are built by the plugin buildx; it is given the command's own words. */
    static int build(List<String> arguments, FlagSet globals, Map<String, String> environment, Streams streams)
            throws IOException, CliException {
        Integer status = buildx("build", arguments, globals, environment, streams);
        if (status == null) {
            throw new CliException("""
                    ERROR: the buildx component is missing or broken, and the legacy builder is not supported by this client.
                           Install the buildx component to build images with BuildKit:
                           https://docs.docker.com/go/buildx/""");
        }
        return status;
    }

    private static int bake(List<String> arguments, FlagSet globals, Map<String, String> environment, Streams streams)
            throws IOException, CliException {
        Integer status = buildx("bake", arguments, globals, environment, streams);
        if (status == null) {
            throw new CliException("""
                    ERROR: docker bake requires the buildx component but it is missing or broken.
                           Install the buildx component to use bake:
                           https://docs.docker.com/go/buildx/""");
        }
        return status;
    }

    /** {@code docker builder} is another name of buildx; null where that is missing, after saying so. */
    static @Nullable Integer builder(
            List<String> arguments, FlagSet globals, Map<String, String> environment, Streams streams)
            throws IOException {
        Integer status = buildx("", arguments, globals, environment, streams);
        if (status == null) {
            streams.err().print("""
                    DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
                                Install the buildx component to build images with BuildKit:
                                https://docs.docker.com/go/buildx/

                    """);
            streams.err().flush();
        }
        return status;
    }

    private static @Nullable Integer buildx(
            String command, List<String> arguments, FlagSet globals, Map<String, String> environment, Streams streams)
            throws IOException {
        CliPlugin plugin = Globals.plugins(environment, globals).find("buildx");
        if (plugin == null) {
            return null;
        }
        var words = new ArrayList<String>();
        for (Flag flag : globals.all()) {
            for (String value : flag.changed() ? flag.all() : List.<String>of()) {
                words.add("--" + flag.name() + "=" + value);
            }
        }
        words.add("buildx");
        if (!command.isEmpty()) {
            words.add(command);
        }
        words.addAll(arguments);
        streams.flush();
        return PluginRun.of(plugin, words);
    }

    private static int script(List<String> arguments, Streams streams) {
        String shell = arguments.isEmpty() ? "" : arguments.getFirst();
        String script = CompletionScript.of(shell);
        streams.out().print(script == null || arguments.contains("--help") ? CompletionScript.HELP : script);
        return 0;
    }

    private static int complete(
            List<String> arguments,
            boolean descriptions,
            List<String> words,
            Map<String, String> environment,
            Streams streams)
            throws IOException, CliException {
        if (arguments.isEmpty()) {
            throw new CliException("requires at least 1 arg(s), only received 0");
        }
        FlagSet globals = Globals.flags(environment).interspersed(false);
        List<String> before = new ArrayList<>(arguments.subList(0, arguments.size() - 1));
        Flag pending = Completion.pending(globals, before);
        try {
            globals.parse(pending == null ? before : before.subList(0, before.size() - 1));
            if (pending != null && !globals.rest().isEmpty()) {
                pending = null; // it is one of the command's
                globals = Globals.flags(environment).interspersed(false);
                globals.parse(before);
            }
        } catch (FlagException e) {
            streams.out().print(":1\n");
            return 0;
        }
        List<String> rest = new ArrayList<>(globals.rest());
        rest.add(arguments.getLast());
        if (rest.size() > 1 && Catalog.find("", rest.getFirst()) == null) {
            Integer status = plugin(rest.getFirst(), words, environment, streams, globals);
            if (status != null) {
                return status;
            }
        }
        Map<String, String> plugins = new TreeMap<>();
        if (rest.size() == 1) {
            for (CliPlugin plugin : Globals.plugins(environment, globals).all()) {
                if (plugin.isGood()) {
                    plugins.put(plugin.name(), plugin.text("ShortDescription"));
                }
            }
        }
        FlagSet parsed = globals;
        var completion =
                new Completion(globals, environment, plugins, () -> Globals.open(environment, streams, parsed));
        String answer = pending == null
                ? completion.answer(rest, descriptions)
                : completion.answerFlag(pending.name(), descriptions);
        streams.out().print(answer);
        streams.out().flush();
        streams.err().print(Completion.ending(answer) + "\n");
        return 0;
    }
}
