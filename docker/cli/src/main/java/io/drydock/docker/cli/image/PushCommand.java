package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker push}. */
public final class PushCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Reference reference = Reference.parse(arguments.getFirst());
        boolean all = flags.bool("all-tags");
        boolean quiet = flags.bool("quiet");
        if (all && !reference.tag().isEmpty()) {
            throw new CliException("tag can't be used with --all-tags/-a");
        }
        if (!all && reference.tag().isEmpty() && !quiet) {
            cli.println("Using default tag: latest");
        }
        Request request = Request.post(Api.path("images", reference.familiarName()) + "/push")
                .queryIf(!all, "tag", reference.tagOrLatest())
                .queryIf(flags.changed("platform"), "platform", Platform.query(flags.text("platform")))
                .header("X-Registry-Auth", Credentials.header(cli, reference.registry()));
        try (Answer answer = cli.engine().send(request)) {
            new Progress(quiet ? null : cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
        }
        if (quiet) {
            cli.println(reference.canonicalName() + (all ? "" : ":" + reference.tagOrLatest()));
        }
        return 0;
    }
}
