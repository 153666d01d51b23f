package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker diff}. */
public final class DiffCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (arguments.getFirst().isEmpty()) {
            throw new CliException("Container name cannot be empty");
        }
        for (Object change : Api.array(cli, Request.get(Api.container(arguments.getFirst()) + "/changes"))) {
            String kind =
                    switch ((int) Json.number(change, "Kind")) {
                        case 0 -> "C";
                        case 1 -> "A";
                        default -> "D";
                    };
            cli.println(kind + " " + Json.text(change, "Path"));
        }
        return 0;
    }
}
