package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.resource.PruneCommand;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Confirm;
import io.drydock.docker.cli.session.Filters;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** {@code docker system prune}: containers, networks, volumes if asked for, images, what builds keep. */
public final class SystemPruneCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean volumes = flags.bool("volumes");
        boolean all = flags.bool("all");
        Map<String, Map<String, Boolean>> filters = Filters.parse(flags.list("filter"));
        if (volumes && filters.containsKey("until")) {
            throw new CliException("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        }
        boolean buildCache = cli.engine().atLeast("1.31");
        if (!flags.bool("force")) {
            Confirm.ask(cli, warning(volumes, all, buildCache, filters));
        }
        var kinds = new ArrayList<String>(List.of("containers", "networks"));
        if (volumes) {
            kinds.add("volumes");
        }
        kinds.add("images");
        long reclaimed = 0;
        for (String kind : kinds) {
            var own = new LinkedHashMap<String, Object>(filters);
            if (kind.equals("images")) {
                own.put("dangling", Map.of(String.valueOf(!all), true));
            }
            PruneCommand.Result result = PruneCommand.prune(cli, kind, own);
            cli.print(result.text());
            reclaimed += result.reclaimed();
        }
        if (buildCache) {
            PruneCommand.Result result = BuildCachePruneCommand.prune(cli, all, 0, filters);
            cli.print(result.text());
            reclaimed += result.reclaimed();
        }
        cli.println("Total reclaimed space: " + Units.size(reclaimed));
        return 0;
    }

    private static String warning(
            boolean volumes, boolean all, boolean buildCache, Map<String, Map<String, Boolean>> filters) {
        var given = new TreeSet<String>();
        filters.forEach((name, values) -> values.keySet().forEach(value -> given.add("  - " + name + "=" + value)));
        return "WARNING! This will remove:\n  - all stopped containers\n"
                + "  - all networks not used by at least one container\n"
                + (volumes ? "  - all anonymous volumes not used by at least one container\n" : "")
                + (all
                        ? "  - all images without at least one container associated to them\n"
                        : "  - all dangling images\n")
                + (!buildCache ? "" : all ? "  - all build cache\n" : "  - unused build cache\n")
                + (given.isEmpty()
                        ? ""
                        : "\n  Items to be pruned will be filtered with:\n" + String.join("\n", given) + "\n");
    }
}
