package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Since;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker logs}. */
public final class LogsCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.getFirst();
        Map<String, Object> container = Api.object(cli, Request.get(Api.container(name) + "/json"));
        Request request = Request.get(Api.container(Json.text(container, "Id")) + "/logs")
                .query("stdout", "1")
                .query("stderr", "1")
                .queryIf(flags.changed("since"), "since", moment(flags, "since"))
                .queryIf(flags.changed("until"), "until", moment(flags, "until"))
                .queryIf(flags.bool("timestamps"), "timestamps", "1")
                .queryIf(flags.bool("details"), "details", "1")
                .queryIf(flags.bool("follow"), "follow", "1")
                .query("tail", flags.text("tail"));
        try (Answer answer = cli.engine().send(request)) {
            if (Json.bool(container, "Config", "Tty")) {
                Frames.copyRaw(answer.body(), cli.streams().out());
            } else {
                Frames.copy(answer.body(), cli.streams().out(), cli.streams().err());
            }
        }
        return 0;
    }

    private static String moment(FlagSet flags, String name) throws CliException {
        try {
            return Since.timestamp(flags.text(name));
        } catch (CliException e) {
            throw new CliException("invalid value for \"" + name + "\": " + e.getMessage());
        }
    }
}
