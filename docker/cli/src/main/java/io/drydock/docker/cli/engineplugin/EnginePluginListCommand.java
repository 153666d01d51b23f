package io.drydock.docker.cli.engineplugin;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Filters;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker plugin ls}. */
public final class EnginePluginListCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean quiet = flags.bool("quiet");
        String format = flags.text("format");
        if (format.isEmpty() && !quiet) {
            format = cli.config().text("pluginsFormat");
        }
        ListFormat list = quiet && (format.isEmpty() || format.equals("table"))
                ? ListFormat.of("{{.ID}}", "", "")
                : ListFormat.of(
                        format,
                        "{{.ID}}\t{{.Name}}\t{{.Description}}\t{{.Enabled}}",
                        "plugin_id: {{.ID}}\nname: {{.Name}}\ndescription: {{.Description}}\nenabled: {{.Enabled}}\n");
        String filters = Filters.json(flags.list("filter"));
        var rows = new ArrayList<Row>();
        for (Object plugin : Api.array(cli, Request.get("/plugins").queryIf(!filters.isEmpty(), "filters", filters))) {
            rows.add(row(plugin, !flags.bool("no-trunc")));
        }
        cli.print(list.render(
                rows,
                Map.of(
                        "ID", "ID",
                        "Name", "NAME",
                        "Description", "DESCRIPTION",
                        "Enabled", "ENABLED",
                        "PluginReference", "PLUGIN REFERENCE")));
        return 0;
    }

    private static Row row(Object plugin, boolean truncate) {
        String id = Json.text(plugin, "Id");
        String description =
                Json.text(plugin, "Config", "Description").replace("\n", "").replace("\r", "");
        return new Row("*plugin.pluginContext")
                .with("Description", truncate ? Text.ellipsis(description, 45) : description)
                .with("Enabled", Json.bool(plugin, "Enabled"))
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("Name", Json.text(plugin, "Name"))
                .with("PluginReference", Json.text(plugin, "PluginReference"));
    }
}
