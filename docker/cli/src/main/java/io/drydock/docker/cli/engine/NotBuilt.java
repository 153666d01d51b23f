package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.util.List;

/** A command of Docker's that this client does not have yet; it says so and fails. */
public record NotBuilt(String path) implements Command {
    @Override
    public Arity arity() {
        return Arity.ANY;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws CliException {
        throw new CliException("docker: 'docker " + path + "' is not built into this client yet");
    }
}
