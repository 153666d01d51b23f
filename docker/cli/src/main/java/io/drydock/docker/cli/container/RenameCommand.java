package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker rename}. */
public final class RenameCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String from = arguments.get(0).strip();
        String to = arguments.get(1).strip();
        if (from.isEmpty() || to.isEmpty()) {
            throw new CliException("Error: Neither old nor new names may be empty");
        }
        try {
            Api.send(cli, Request.post(Api.container(from) + "/rename").query("name", to));
        } catch (EngineException e) {
            throw new CliException("Error response from daemon: " + e.getMessage()
                    + "\nError: failed to rename container named " + from);
        }
        return 0;
    }
}
