package io.drydock.docker.cli;

import io.drydock.docker.cli.catalog.Catalog;
import io.drydock.docker.cli.catalog.CommandSpec;
import io.drydock.docker.cli.plugin.CliPlugin;
import io.drydock.flags.FlagHelp;
import io.drydock.flags.FlagSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The help texts; {@code columns} are those that the terminal has. */
final class Help {
    private static final List<String> COMMON = List.of(
            "run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "search", "version", "info");
    private static final List<String> MANAGEMENT = List.of(
            "builder", "container", "context", "image", "manifest", "network", "plugin", "system", "trust", "volume");
    private static final List<String> SWARM = List.of("config", "node", "secret", "service", "stack", "swarm");

    private static final String EXPERIMENTAL = """
             is an experimental feature.
              Experimental features provide early access to product functionality. These
              features may change between releases without warning, or can be removed from a
              future release. Learn more about experimental features in our documentation:
              https://docs.docker.com/go/experimental/
            """;

    private Help() {}

    static String command(CommandSpec spec, String name, int columns) {
        var out = new StringBuilder("Usage:  ").append(name);
        if (!spec.usage().isEmpty()) {
            out.append(' ').append(spec.usage());
        }
        out.append("\n\n").append(spec.description()).append('\n');
        if (spec.group().equals("manifest")) {
            out.append("\nEXPERIMENTAL:\n  ").append(name).append(EXPERIMENTAL);
        }
        if (!spec.aliases().isEmpty()) {
            out.append("\nAliases:\n  ").append(spec.aliases()).append('\n');
        }
        String flags = FlagHelp.render(spec.flags().all(), columns - 1);
        if (!flags.isEmpty()) {
            out.append("\nOptions:\n").append(flags);
        }
        return out.toString();
    }

    static String group(CommandSpec group) {
        var out = new StringBuilder("Usage:  docker ").append(group.path()).append(" COMMAND\n\n");
        out.append(group.description()).append('\n');
        var groups = new ArrayList<CommandSpec>();
        var children = new ArrayList<CommandSpec>();
        for (CommandSpec child : Catalog.children(group.path())) {
            if (!child.name().equals("dial-stdio")) {
                (child.isGroup() ? groups : children).add(child);
            }
        }
        if (!groups.isEmpty()) {
            out.append("\nManagement Commands:\n");
            for (CommandSpec child : groups) {
                line(out, child.name(), child.summary(), 11);
            }
        }
        if (!children.isEmpty()) {
            out.append("\nCommands:\n");
            int widest = 11;
            for (CommandSpec child : children) {
                widest = Math.max(widest, child.name().length());
            }
            for (CommandSpec child : children) {
                line(out, child.name(), child.summary(), widest);
            }
        }
        out.append("\nRun 'docker ")
                .append(group.path())
                .append(" COMMAND --help' for more information on a command.\n");
        return out.toString();
    }

    static String top(FlagSet globals, List<CliPlugin> plugins, int columns) {
        var all = new TreeMap<String, String>();
        for (CommandSpec spec : Catalog.children("")) {
            all.put(spec.top().isEmpty() ? spec.path() : spec.top(), spec.summary());
        }
        var out = new StringBuilder("Usage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n");
        section(out, "Common Commands", COMMON, all);
        section(out, "Management Commands", withPlugins(plugins, all), all);
        section(out, "Swarm Commands", SWARM, all);
        out.append("\nCommands:\n");
        all.forEach((name, summary) -> line(out, name, summary, 11));
        List<CliPlugin> invalid =
                plugins.stream().filter(plugin -> !plugin.isGood()).toList();
        if (!invalid.isEmpty()) {
            out.append("\nInvalid Plugins:\n");
            invalid.forEach(plugin -> line(out, plugin.name(), plugin.error(), 11));
        }
        out.append("\nGlobal Options:\n").append(FlagHelp.render(globals.all(), columns - 1));
        out.append("\nRun 'docker COMMAND --help' for more information on a command.\n\n");
        out.append("For more help on how to use Docker, head to https://docs.docker.com/go/guides/\n");
        return out.toString();
    }

    private static List<String> withPlugins(List<CliPlugin> plugins, TreeMap<String, String> all) {
        var names = new ArrayList<>(MANAGEMENT);
        for (CliPlugin plugin : plugins) {
            if (plugin.isGood()) {
                names.add(plugin.name() + "*");
                all.put(plugin.name() + "*", plugin.text("ShortDescription"));
            }
        }
        names.sort(null);
        return names;
    }

    private static void section(StringBuilder out, String title, List<String> names, TreeMap<String, String> all) {
        out.append('\n').append(title).append(":\n");
        for (String name : names) {
            String summary = all.remove(name);
            if (summary != null) {
                line(out, name, summary, 11);
            }
        }
    }

    private static void line(StringBuilder out, String name, String summary, int widest) {
        out.append("  ")
                .append(name)
                .repeat(' ', widest - name.length())
                .append(' ')
                .append(summary)
                .append('\n');
    }
}
