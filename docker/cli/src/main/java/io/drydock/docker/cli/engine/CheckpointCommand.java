package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker checkpoint create}, {@code ls} and {@code rm}: for engines that say they are experimental. */
public record CheckpointCommand(String path) implements Command {
    @Override
    public Arity arity() {
        return path.endsWith(" ls") ? Arity.ONE : Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (!cli.engine().ping().getOrDefault("docker-experimental", "").equals("true")) {
            throw new CliException(
                    "docker " + path + " is only supported on a Docker daemon with experimental features enabled");
        }
        String directory = flags.text("checkpoint-dir");
        String at = Api.container(arguments.getFirst()) + "/checkpoints";
        if (path.endsWith(" create")) {
            Api.send(
                    cli,
                    Request.post(at)
                            .json(Map.of(
                                    "CheckpointID",
                                    arguments.getLast(),
                                    "CheckpointDir",
                                    directory,
                                    "Exit",
                                    !flags.bool("leave-running"))));
            cli.println(arguments.getLast());
        } else if (path.endsWith(" rm")) {
            Api.send(
                    cli,
                    Request.delete(at + "/" + Request.escape(arguments.getLast()))
                            .queryIf(!directory.isEmpty(), "dir", directory));
        } else {
            var rows = new ArrayList<Row>();
            for (Object checkpoint : Api.array(cli, Request.get(at).queryIf(!directory.isEmpty(), "dir", directory))) {
                rows.add(new Row("*formatter.checkpointContext").with("Name", Json.text(checkpoint, "Name")));
            }
            cli.print(ListFormat.of("", "{{.Name}}", "").render(rows, Map.of("Name", "CHECKPOINT NAME")));
        }
        return 0;
    }
}
