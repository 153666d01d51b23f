package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.http.ConnectException;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker info}. */
public final class InfoCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Map<String, Object> info = Map.of();
        String failure = "";
        try {
            info = Api.object(cli, Request.get("/info"));
        } catch (EngineException e) {
            failure = "Error response from daemon: " + e.getMessage();
        } catch (ConnectException e) {
            failure = String.valueOf(e.getMessage());
        }
        String format = flags.text("format");
        if (!format.isEmpty()) {
            return formatted(cli, format, info, failure);
        }
        var out =
                new StringBuilder("Client:\n Version:    ").append(Cli.VERSION).append('\n');
        out.append(" Context:    ").append(cli.context()).append("\n Debug Mode: false\n\nServer:\n");
        if (failure.isEmpty()) {
            new InfoText(out, info).write();
            cli.print(out.append('\n').toString());
            new InfoWarnings(cli, info).print();
            return 0;
        }
        cli.print(out.toString());
        cli.error(failure);
        throw new CliException("errors pretty printing info");
    }

    private static int formatted(Cli cli, String format, Map<String, Object> info, String failure) throws CliException {
        var all = new LinkedHashMap<String, Object>(info);
        all.put(
                "ClientInfo",
                Map.of("Debug", false, "Context", cli.context(), "Plugins", List.of(), "Warnings", List.of()));
        if (!failure.isEmpty()) {
            all.put("ServerErrors", List.of(failure));
        }
        try {
            cli.println(
                    format.equals("json")
                            ? Json.write(all)
                            : Template.parse(format).render(all, Template.MissingKey.ERROR));
        } catch (TemplateException e) {
            throw new CliException("template parsing error: " + e.getMessage());
        }
        return 0;
    }
}
