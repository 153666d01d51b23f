package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Download;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code docker import}. */
public final class ImportCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String source = arguments.getFirst();
        boolean remote = source.startsWith("http://") || source.startsWith("https://");
        Request request = Request.post("/images/create").query("fromSrc", remote ? source : "-");
        if (arguments.size() > 1) {
            Reference.parse(arguments.get(1));
            request.query("repo", arguments.get(1));
        }
        request.query("message", flags.text("message"));
        for (String change : flags.list("change")) {
            request.query("changes", change);
        }
        request.queryIf(flags.changed("platform"), "platform", flags.text("platform"));
        if (remote) {
            show(cli, request);
            return 0;
        }
        if (!source.equals("-") && !Files.exists(Path.of(source))) {
            throw new CliException("open " + source + ": no such file or directory");
        }
        try (InputStream in = source.equals("-") ? cli.streams().in() : Files.newInputStream(Path.of(source))) {
            show(cli, request.stream("text/plain", out -> Download.copy(in, out)));
        }
        return 0;
    }

    private static void show(Cli cli, Request request) throws IOException, CliException {
        try (Answer answer = cli.engine().send(request)) {
            new Progress(cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
        }
    }
}
