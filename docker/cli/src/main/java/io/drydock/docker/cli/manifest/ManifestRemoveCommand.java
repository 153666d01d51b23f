package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code docker manifest rm}: forgets lists that are here. */
public final class ManifestRemoveCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ManifestStore(cli);
        var errors = new ArrayList<String>(0);
        for (String argument : arguments) {
            String name = ManifestStore.fullName(Reference.parse(argument));
            if (store.has(name)) {
                store.remove(name);
            } else {
                errors.add("No such manifest: " + name);
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }
}
