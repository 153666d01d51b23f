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

/** {@code docker load}. */
public final class LoadCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String file = flags.text("input");
        if (!file.isEmpty() && !Files.exists(Path.of(file))) {
            throw new CliException("open " + file + ": no such file or directory");
        }
        if (file.isEmpty() && cli.streams().inTerminal()) {
            throw new CliException("requested load from stdin, but stdin is empty");
        }
        boolean quiet = flags.bool("quiet") || !cli.streams().outTerminal();
        try (InputStream in = file.isEmpty() ? cli.streams().in() : Files.newInputStream(Path.of(file));
                Answer answer = cli.engine()
                        .send(Request.post("/images/load")
                                .query("quiet", quiet ? "1" : "0")
                                .queryIf(flags.changed("platform"), "platform", Platform.query(flags.text("platform")))
                                .stream("application/x-tar", out -> Download.copy(in, out)))) {
            if (answer.header("content-type").startsWith("application/json")) {
                new Progress(cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
            } else {
                Download.copy(answer.body(), cli.streams().out());
            }
        }
        return 0;
    }
}
