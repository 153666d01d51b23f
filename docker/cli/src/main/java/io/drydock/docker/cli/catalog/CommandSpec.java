package io.drydock.docker.cli.catalog;

import io.drydock.flags.FlagSet;
import java.util.ArrayList;
import java.util.List;

/**
 * One command of the table.
 *
 * @param path its full path without {@code docker}: {@code container ls}
 * @param names other names of the path's last word
 * @param top its short name at the top level, or empty
 * @param usage what its usage line says behind the name
 * @param summary one sentence for the lists of commands
 * @param description what its own help says
 */
public record CommandSpec(
        String path, List<String> names, String top, String usage, String summary, String description) {

    static CommandSpec of(String line) {
        var cells = new ArrayList<String>(5);
        int from = 0;
        for (int end = line.indexOf('¦'); end >= 0; end = line.indexOf('¦', from)) {
            cells.add(line.substring(from, end).replace('¶', '\n'));
            from = end + 1;
        }
        String text = line.substring(from);
        int pilcrow = text.indexOf('¶');
        String summary = pilcrow < 0 ? text : text.substring(0, pilcrow);
        String description = pilcrow < 0 ? text : text.substring(pilcrow + 1).replace('¶', '\n');
        List<String> names =
                cells.get(1).isEmpty() ? List.of() : List.of(cells.get(1).split(","));
        return new CommandSpec(cells.get(0), names, cells.get(2), cells.get(3), summary, description);
    }

    /** Whether it only holds other commands. */
    public boolean isGroup() {
        return usage.equals("COMMAND");
    }

    public String group() {
        int blank = path.lastIndexOf(' ');
        return blank < 0 ? "" : path.substring(0, blank);
    }

    public String name() {
        return path.substring(path.lastIndexOf(' ') + 1);
    }

    /** All ways to call it, or empty if there is only one. */
    public String aliases() {
        if (path.equals("builder build")) {
            return "docker image build, docker build, docker builder build";
        }
        if (names.isEmpty() && top.isEmpty()) {
            return "";
        }
        var out = new StringBuilder("docker ").append(path);
        for (String other : names) {
            out.append(", docker ").append(group()).append(' ').append(other);
        }
        if (!top.isEmpty()) {
            out.append(", docker ").append(top);
        }
        return path.equals("image build") ? out + ", docker builder build" : out.toString();
    }

    /** A fresh set of its flags. */
    public FlagSet flags() {
        String table =
                switch (group()) {
                    case "container" ->
                        path.equals("container run")
                                ? RunFlags.of(path)
                                : path.equals("container create")
                                        ? create(RunFlags.of("container run"))
                                        : ContainerFlags.of(path);
                    case "image" -> ImageFlags.of(path);
                    case "network", "volume" -> NetworkFlags.of(path);
                    case "builder", "checkpoint", "manifest", "plugin", "trust", "trust key", "trust signer" ->
                        path.equals("builder build") ? ImageFlags.of("image build") : RareFlags.of(path);
                    default -> SystemFlags.of(path);
                };
        if (table.contains("{")) {
            table = table.replace("{format}", FormatHelp.FORMAT).replace("{inspect}", FormatHelp.INSPECT);
        }
        return new FlagSet().define(table);
    }

    private static String create(String run) {
        var out = new StringBuilder();
        for (String line : run.split("\n")) {
            if (line.startsWith("d detach ") || line.startsWith("- detach-keys ") || line.startsWith("- sig-proxy ")) {
                continue;
            }
            out.append(line.startsWith("- pull ") ? CREATE_PULL : line).append('\n');
        }
        return out.toString();
    }

    private static final String CREATE_PULL =
            "- pull string = missing | Pull image before creating (\"always\", \"|missing\", \"never\")";
}
