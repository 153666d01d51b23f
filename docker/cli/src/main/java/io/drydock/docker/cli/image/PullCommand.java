package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker pull}. */
public final class PullCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Reference reference = Reference.parse(arguments.getFirst());
        boolean all = flags.bool("all-tags");
        boolean quiet = flags.bool("quiet");
        if (all && !(reference.tag().isEmpty() && reference.digest().isEmpty())) {
            throw new CliException("tag can't be used with --all-tags/-a");
        }
        String platform = flags.changed("platform")
                ? flags.text("platform")
                : cli.environment().getOrDefault("DOCKER_DEFAULT_PLATFORM", "");
        if (all) {
            allTags(cli, reference, platform, quiet);
            return 0;
        }
        if (!quiet && reference.tag().isEmpty() && reference.digest().isEmpty()) {
            cli.println("Using default tag: latest");
        }
        Pull.image(cli, arguments.getFirst(), platform, quiet, cli.streams().out());
        String tag = reference.tagOrLatest();
        String digest = reference.digest();
        cli.println(
                reference.canonicalName() + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest));
        return 0;
    }

    private static void allTags(Cli cli, Reference reference, String platform, boolean quiet)
            throws IOException, CliException {
        Request request = Request.post("/images/create")
                .query("fromImage", reference.familiarName())
                .queryIf(!platform.isEmpty(), "platform", platform)
                .header("X-Registry-Auth", Credentials.header(cli, reference.registry()));
        try (Answer answer = cli.engine().send(request)) {
            new Progress(quiet ? null : cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
        }
        cli.println(reference.canonicalName());
    }
}
