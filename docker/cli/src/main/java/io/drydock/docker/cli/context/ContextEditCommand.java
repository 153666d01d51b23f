package io.drydock.docker.cli.context;

import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker context create} and {@code update}. */
public record ContextEditCommand(boolean create) implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public void prepare(FlagSet flags) {
        flags.check("docker", EndpointOptions::check);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.getFirst();
        ContextStore.checkName(name);
        var store = new ContextStore(cli.config().directory());
        StoredContext context = create ? created(cli, store, flags, name) : updated(store, flags, name);
        String description = flags.text("description");
        store.save(description.isEmpty() ? context : context.described(description));
        cli.println(name);
        cli.error("Successfully " + (create ? "created" : "updated") + " context \"" + name + "\"");
        return 0;
    }

    private static StoredContext created(Cli cli, ContextStore store, FlagSet flags, String name)
            throws IOException, CliException {
        if (store.exists(name)) {
            throw new CliException("context \"" + name + "\" already exists");
        }
        String from = flags.text("from");
        if (from.isEmpty() && flags.changed("docker")) {
            return EndpointOptions.read(store, flags.list("docker")).named(name).described("");
        }
        String source = from.isEmpty() ? cli.context() : from;
        return (source.equals("default") ? byDefault(cli) : store.load(source)).named(name);
    }

    private static StoredContext updated(ContextStore store, FlagSet flags, String name)
            throws IOException, CliException {
        StoredContext old = store.load(name);
        return flags.changed("docker") ? old.at(EndpointOptions.read(store, flags.list("docker"))) : old;
    }

    /** What is used without a context, as a context. */
    static StoredContext byDefault(Cli cli) {
        String host = cli.context().equals("default")
                ? cli.engine().endpoint().host()
                : cli.environment().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
        return new StoredContext("default", ContextCommand.DEFAULT_DESCRIPTION, host, false, Map.of());
    }
}
