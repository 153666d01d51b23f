package io.drydock.docker.cli.context;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code docker context rm}. */
public final class ContextRemoveCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ContextStore(cli.config().directory());
        boolean force = flags.bool("force");
        var errors = new ArrayList<String>(0);
        for (String name : arguments) {
            if (name.equals("default")) {
                errors.add("context \"default\" cannot be removed");
            } else if (!force && !store.exists(name)) {
                errors.add("context \"" + name + "\" does not exist");
            } else if (!force && name.equals(cli.context())) {
                errors.add("context \"" + name + "\" is in use, set -f flag to force remove");
            } else {
                remove(cli, store, name);
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }

    private static void remove(Cli cli, ContextStore store, String name) throws IOException {
        if (name.equals(cli.config().text("currentContext"))) {
            cli.config().content().remove("currentContext");
            cli.config().save();
        }
        store.remove(name);
        cli.println(name);
    }
}
