package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.util.List;

/** {@code docker trust}: refused. Docker Content Trust is retired, and its servers with it. */
public final class TrustCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ANY;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws CliException {
        throw new CliException("content trust is not supported by this client: signatures cannot be checked or made");
    }
}
