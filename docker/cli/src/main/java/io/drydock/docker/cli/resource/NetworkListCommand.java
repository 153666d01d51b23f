package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Times;
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
import java.util.TreeMap;

/** {@code docker network ls}. */
public final class NetworkListCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean quiet = flags.bool("quiet");
        String format = flags.text("format");
        if (format.isEmpty() && !quiet) {
            format = cli.config().text("networksFormat");
        }
        ListFormat list = quiet && (format.isEmpty() || format.equals("table"))
                ? ListFormat.of("{{.ID}}", "", "")
                : ListFormat.of(
                        format,
                        "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
                        "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n");
        String filters = Filters.json(flags.list("filter"));
        var networks = new ArrayList<>(
                Api.array(cli, Request.get("/networks").queryIf(!filters.isEmpty(), "filters", filters)));
        networks.sort((a, b) -> Json.text(a, "Name").compareTo(Json.text(b, "Name")));
        var rows = new ArrayList<Row>();
        for (Object network : networks) {
            rows.add(row(network, !flags.bool("no-trunc")));
        }
        cli.print(list.render(
                rows,
                Map.of(
                        "ID", "NETWORK ID",
                        "Name", "NAME",
                        "Driver", "DRIVER",
                        "Scope", "SCOPE",
                        "IPv4", "IPV4",
                        "IPv6", "IPV6",
                        "Internal", "INTERNAL",
                        "Labels", "LABELS",
                        "CreatedAt", "CREATED AT")));
        return 0;
    }

    private static Row row(Object network, boolean truncate) {
        Map<String, Object> labels = Json.map(Json.at(network, "Labels"));
        String id = Json.text(network, "Id");
        return new Row("*network.networkContext")
                .with("CreatedAt", () -> {
                    var created = Times.parse(Json.text(network, "Created"));
                    return Times.localNanos(created);
                })
                .with("Driver", Json.text(network, "Driver"))
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("IPv4", Json.map(network).containsKey("EnableIPv4") ? Json.text(network, "EnableIPv4") : "false")
                .with("IPv6", Json.text(network, "EnableIPv6"))
                .with("Internal", Json.text(network, "Internal"))
                .with("Labels", () -> labels(labels))
                .with("Name", Json.text(network, "Name"))
                .with("Scope", Json.text(network, "Scope"))
                .method("Label", name -> Json.text(labels, name));
    }

    static String labels(Map<String, Object> labels) {
        var out = new StringBuilder();
        new TreeMap<>(labels)
                .forEach((name, value) -> out.append(out.isEmpty() ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(value));
        return out.toString();
    }
}
