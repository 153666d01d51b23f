package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
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

/** {@code docker volume ls}. */
public final class VolumeListCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean quiet = flags.bool("quiet");
        String format = flags.text("format");
        if (format.isEmpty() && !quiet) {
            format = cli.config().text("volumesFormat");
        }
        ListFormat list = quiet && (format.isEmpty() || format.equals("table"))
                ? ListFormat.of("{{.Name}}", "", "")
                : ListFormat.of(format, "{{.Driver}}\t{{.Name}}", "name: {{.Name}}\ndriver: {{.Driver}}\n");
        String filters = Filters.json(flags.list("filter"));
        Map<String, Object> answer =
                Api.object(cli, Request.get("/volumes").queryIf(!filters.isEmpty(), "filters", filters));
        var volumes = new ArrayList<>(Json.list(answer.get("Volumes")));
        volumes.sort((a, b) -> Json.text(a, "Name").compareTo(Json.text(b, "Name")));
        var rows = new ArrayList<Row>();
        for (Object volume : volumes) {
            rows.add(row(volume));
        }
        cli.print(list.render(
                rows,
                Map.of(
                        "Name", "VOLUME NAME",
                        "Driver", "DRIVER",
                        "Scope", "SCOPE",
                        "Availability", "AVAILABILITY",
                        "Mountpoint", "MOUNTPOINT",
                        "Labels", "LABELS",
                        "Links", "LINKS",
                        "Size", "SIZE",
                        "Group", "GROUP",
                        "Status", "STATUS")));
        return 0;
    }

    private static Row row(Object volume) {
        Map<String, Object> labels = Json.map(Json.at(volume, "Labels"));
        return new Row("*formatter.volumeContext")
                .with("Availability", "N/A")
                .with("Driver", Json.text(volume, "Driver"))
                .with("Group", "N/A")
                .with("Labels", () -> NetworkListCommand.labels(labels))
                .with("Links", "N/A")
                .with("Mountpoint", Json.text(volume, "Mountpoint"))
                .with("Name", Json.text(volume, "Name"))
                .with("Scope", Json.text(volume, "Scope"))
                .with("Size", "N/A")
                .with("Status", "N/A")
                .method("Label", name -> Json.text(labels, name));
    }
}
