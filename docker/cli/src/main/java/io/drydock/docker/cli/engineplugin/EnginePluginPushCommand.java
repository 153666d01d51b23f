package io.drydock.docker.cli.engineplugin;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.image.Progress;
import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker plugin push}. */
public final class EnginePluginPushCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Reference reference = Reference.parse(arguments.getFirst());
        if (!reference.digest().isEmpty()) {
            throw new CliException("invalid name: " + arguments.getFirst());
        }
        String name = reference.familiarName() + ":" + reference.tagOrLatest();
        Request request = Request.post(Api.path("plugins", name) + "/push")
                .header("X-Registry-Auth", Credentials.header(cli, reference.registry()));
        try (Answer answer = cli.engine().send(request)) {
            new Progress(cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
        }
        return 0;
    }
}
