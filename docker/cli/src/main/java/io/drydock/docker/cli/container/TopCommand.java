package io.drydock.docker.cli.container;

import io.drydock.docker.cli.format.Table;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker top}. */
public final class TopCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public boolean flagsFirst() {
        return true;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException {
        String options = String.join(" ", arguments.subList(1, arguments.size()));
        Map<String, Object> top = Api.object(
                cli,
                Request.get(Api.container(arguments.getFirst()) + "/top")
                        .queryIf(!options.isEmpty(), "ps_args", options));
        var table = new Table(20, 3);
        table.add(line(Json.list(top.get("Titles"))));
        for (Object process : Json.list(top.get("Processes"))) {
            table.add(line(Json.list(process)));
        }
        cli.print(table.render());
        return 0;
    }

    private static String line(List<Object> cells) {
        var line = new StringBuilder();
        for (Object cell : cells) {
            line.append(line.isEmpty() ? "" : "\t").append(cell);
        }
        return line.append('\n').toString();
    }
}
