package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker tag}. */
public final class TagCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Reference target;
        try {
            target = Reference.parse(arguments.get(1));
        } catch (CliException e) {
            throw new CliException("Error parsing reference: \"" + arguments.get(1)
                    + "\" is not a valid repository/tag: " + e.getMessage());
        }
        Api.send(
                cli,
                Request.post(Api.path("images", arguments.get(0)) + "/tag")
                        .query("repo", target.familiarName())
                        .query("tag", target.tagOrLatest()));
        return 0;
    }
}
