package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.http.ConnectException;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.plugin.CliPlugin;
import io.drydock.docker.cli.plugin.CliPlugins;
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
        List<CliPlugin> plugins = new CliPlugins(cli.config()).all();
        String format = flags.text("format");
        if (!format.isEmpty()) {
            return formatted(cli, format, info, failure, plugins);
        }
        var out =
                new StringBuilder("Client:\n Version:    ").append(Cli.VERSION).append('\n');
        out.append(" Context:    ").append(cli.context()).append("\n Debug Mode: false\n");
        plugins(out, plugins);
        out.append("\nServer:\n");
        if (failure.isEmpty()) {
            new InfoText(out, info).write();
            cli.print(out.append('\n').toString());
            new InfoWarnings(cli, info).print();
            return 0;
        }
        cli.print(out.toString());
        throw new CliException(failure);
    }

    private static List<Map<String, Object>> documents(List<CliPlugin> plugins) {
        return plugins.stream().map(CliPlugin::document).toList();
    }

    private static void plugins(StringBuilder out, List<CliPlugin> plugins) {
        String title = " Plugins:\n";
        for (CliPlugin plugin : plugins) {
            if (plugin.isGood()) {
                out.append(title).append("  ").append(plugin.name()).append(": ");
                out.append(plugin.text("ShortDescription"))
                        .append(" (")
                        .append(plugin.text("Vendor"))
                        .append(")\n");
                if (!plugin.text("Version").isEmpty()) {
                    out.append("    Version:  ").append(plugin.text("Version")).append('\n');
                }
                out.append("    Path:     ").append(plugin.path()).append('\n');
                title = "";
            }
        }
    }

    private static int formatted(
            Cli cli, String format, Map<String, Object> info, String failure, List<CliPlugin> plugins)
            throws CliException {
        var all = new LinkedHashMap<String, Object>(info);
        all.put(
                "ClientInfo",
                Map.of("Debug", false, "Context", cli.context(), "Plugins", documents(plugins), "Warnings", List.of()));
        if (!failure.isEmpty()) {
            all.put("ServerErrors", List.of(failure));
        }
        try {
            cli.println(
                    format.equals("json")
                            ? Json.write(all)
                            : Template.parse(format)
                                    .render(Row.of("system.dockerInfo", all), Template.MissingKey.ERROR));
        } catch (TemplateException e) {
            cli.println("");
            throw new CliException(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
