package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.resource.PruneCommand;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Confirm;
import io.drydock.docker.cli.session.Filters;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker builder prune}. */
public final class BuildCachePruneCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean all = flags.bool("all");
        if (!flags.bool("force")) {
            Confirm.question(
                    cli,
                    "WARNING! This will remove all " + (all ? "" : "dangling ")
                            + "build cache. Are you sure you want to continue?");
        }
        PruneCommand.Result result = prune(cli, all, flags.bytes("keep-storage"), Filters.parse(flags.list("filter")));
        cli.print(result.text());
        cli.println("Total reclaimed space: " + Units.size(result.reclaimed()));
        return 0;
    }

    static PruneCommand.Result prune(Cli cli, boolean all, long keepStorage, Map<String, ?> filters)
            throws IOException {
        Map<String, Object> answer = Api.object(
                cli,
                Request.post("/build/prune")
                        .queryIf(all, "all", "1")
                        .query("keep-storage", Long.toString(keepStorage))
                        .queryIf(!filters.isEmpty(), "filters", Json.write(filters)));
        return PruneCommand.result("Deleted build cache objects:", Json.list(answer.get("CachesDeleted")), answer);
    }
}
