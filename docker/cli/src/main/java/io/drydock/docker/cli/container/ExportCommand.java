package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Download;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker export}. */
public final class ExportCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String output = flags.text("output");
        if (output.isEmpty() && cli.streams().outTerminal()) {
            throw new CliException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
        Download.to(
                cli,
                Request.get(Api.container(arguments.getFirst()) + "/export"),
                output,
                "failed to export container");
        return 0;
    }
}
