package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker manifest create}: a new list of images that registries have. */
public final class ManifestCreateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ManifestStore(cli);
        String list = ManifestStore.fullName(Reference.parse(arguments.getFirst()));
        if (store.has(list) && !flags.bool("amend")) {
            throw new CliException("refusing to amend an existing manifest list with no --amend flag");
        }
        var remote = new RemoteManifests(cli, flags.bool("insecure"));
        for (String argument : arguments.subList(1, arguments.size())) {
            Reference reference = Reference.parse(argument);
            String name = ManifestStore.fullName(reference);
            if (store.get(list, name) != null) {
                continue;
            }
            RemoteManifests.Raw raw = remote.fetch(reference);
            if (raw.isList()) {
                throw new CliException(name + " is a manifest list");
            }
            store.save(list, name, remote.image(reference, raw));
        }
        cli.println("Created manifest list " + list);
        return 0;
    }
}
