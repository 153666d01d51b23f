package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code docker volume rm} and {@code docker network rm}; {@code kind} is the path's first word. */
public record RemoveCommand(String kind) implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean volume = kind.equals("volumes");
        try {
            return Api.each(
                    cli,
                    given(cli, flags, arguments),
                    name -> Api.send(
                            cli,
                            Request.delete(Api.path(kind, name)).queryIf(volume && flags.bool("force"), "force", "1")));
        } catch (CliException e) {
            // the original says so only of networks
            throw volume ? e : new CliException(e.getMessage() + "\nexit status 1");
        }
    }

    /** With {@code --force}, networks that are not there are no error: the client leaves them out. */
    private List<String> given(Cli cli, FlagSet flags, List<String> arguments) throws IOException {
        if (kind.equals("volumes") || !flags.bool("force")) {
            return arguments;
        }
        var there = new ArrayList<String>();
        for (String name : arguments) {
            try {
                Api.object(cli, Request.get(Api.path(kind, name)));
                there.add(name);
            } catch (EngineException e) {
                if (e.status() != 404) {
                    throw e;
                }
            }
        }
        return there;
    }
}
