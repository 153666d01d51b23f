package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker create}. */
public final class CreateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public boolean flagsFirst() {
        return true;
    }

    @Override
    public void prepare(FlagSet flags) {
        CreateOptions.prepare(flags);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Map<String, Object> body;
        try {
            body = CreateOptions.body(flags, arguments, cli.environment(), false);
        } catch (CliException e) {
            throw new CliException(
                    "docker: " + e.getMessage() + "\n\nRun 'docker create --help' for more information", 125);
        }
        cli.println(Creation.create(cli, flags, body));
        return 0;
    }
}
