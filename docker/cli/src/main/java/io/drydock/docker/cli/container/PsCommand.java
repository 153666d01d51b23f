package io.drydock.docker.cli.container;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Filters;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker ps}. */
public final class PsCommand implements Command {
    private static final String TABLE =
            "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final String RAW = "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\n"
            + "created_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\n"
            + "names: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n";

    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean quiet = flags.bool("quiet");
        boolean size = flags.bool("size");
        String format = flags.text("format");
        if (format.isEmpty() && !quiet) {
            format = cli.config().text("psFormat");
        }
        ListFormat list = format(format, quiet, size);
        long last = flags.integer("last");
        if (flags.bool("latest")) {
            last = 1;
        }
        boolean whole = format.contains("json .}}");
        boolean wantsSize = size || whole || !format.isEmpty() && list.mentions(".Size");
        Request request = Request.get("/containers/json")
                .queryIf(flags.bool("all") || last > 0, "all", "1")
                .queryIf(last > 0, "limit", last + "")
                .queryIf(wantsSize, "size", "1");
        String filters = Filters.json(flags.list("filter"));
        request.queryIf(!filters.isEmpty(), "filters", filters);
        var rows = new ArrayList<Row>();
        for (Object container : Api.array(cli, request)) {
            rows.add(ContainerRow.of(Json.map(container), !flags.bool("no-trunc")));
        }
        cli.print(list.render(rows, headers()));
        return 0;
    }

    private static ListFormat format(String format, boolean quiet, boolean size) throws CliException {
        if (quiet && (format.isEmpty() || format.equals("table"))) {
            return ListFormat.of("{{.ID}}", "", "");
        }
        try {
            var list = ListFormat.of(
                    format, size ? TABLE + "\t{{.Size}}" : TABLE, RAW + (size ? "size: {{.Size}}\n" : ""));
            if (!format.isEmpty()) {
                list.tryOn(ContainerRow.of(Map.of(), true));
            }
            return list;
        } catch (TemplateException e) {
            throw new CliException("failed to execute template: " + e.getMessage());
        } catch (CliException e) {
            throw new CliException(
                    String.valueOf(e.getMessage()).replace("template parsing error", "failed to parse template"));
        }
    }

    private static Map<String, String> headers() {
        var h = new LinkedHashMap<String, String>();
        h.put("ID", "CONTAINER ID");
        h.put("Names", "NAMES");
        h.put("Image", "IMAGE");
        h.put("Command", "COMMAND");
        h.put("CreatedAt", "CREATED AT");
        h.put("RunningFor", "CREATED");
        h.put("Ports", "PORTS");
        h.put("State", "STATE");
        h.put("Status", "STATUS");
        h.put("Size", "SIZE");
        h.put("Labels", "LABELS");
        h.put("Mounts", "MOUNTS");
        h.put("LocalVolumes", "LOCAL VOLUMES");
        h.put("Networks", "NETWORKS");
        h.put("Platform", "PLATFORM");
        return h;
    }
}
