package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker commit}. */
public final class CommitCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(1, 2);
    }

    @Override
    public boolean flagsFirst() {
        return true;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Request request = Request.post("/commit")
                .query("author", flags.text("author"))
                .query("comment", flags.text("message"))
                .query("container", arguments.getFirst());
        if (arguments.size() > 1 && !arguments.get(1).isEmpty()) {
            Reference reference = Reference.parse(arguments.get(1));
            request.query("repo", reference.name()).query("tag", reference.tagOrLatest());
        }
        for (String change : flags.list("change")) {
            request.query("changes", change);
        }
        request.queryIf(!flags.bool("pause") || flags.bool("no-pause"), "pause", "0");
        cli.println(Json.text(Api.object(cli, request.json(java.util.Map.of())), "Id"));
        return 0;
    }
}
