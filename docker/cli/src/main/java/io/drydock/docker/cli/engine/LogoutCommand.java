package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker logout}. */
public final class LogoutCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(0, 1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String key = Credentials.key(arguments.isEmpty() ? "docker.io" : arguments.getFirst());
        cli.println("Removing login credentials for " + key);
        Credentials.erase(cli, key);
        return 0;
    }
}
