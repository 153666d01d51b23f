package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
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
            Confirm.ask(cli, "WARNING! This will remove all " + (all ? "" : "dangling ") + "build cache.");
        }
        String filters = Filters.json(flags.list("filter"));
        Map<String, Object> answer = Api.object(
                cli,
                Request.post("/build/prune")
                        .queryIf(all, "all", "1")
                        .query("keep-storage", flags.bytes("keep-storage") + "")
                        .queryIf(!filters.isEmpty(), "filters", filters));
        List<Object> removed = Json.list(answer.get("CachesDeleted"));
        if (!removed.isEmpty()) {
            cli.println("Deleted build cache objects:");
            removed.forEach(id -> cli.println(id.toString()));
            cli.println("");
        }
        cli.println("Total reclaimed space: " + Units.size(Json.number(answer, "SpaceReclaimed")));
        return 0;
    }
}
