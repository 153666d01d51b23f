package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.docker.cli.session.Filters;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker search}. */
public final class SearchCommand implements Command {
    private static final int DESCRIPTION = 45;

    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String term = arguments.getFirst();
        ListFormat list =
                ListFormat.of(flags.text("format"), "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}", "");
        if (Filters.parse(flags.list("filter")).containsKey("is-automated")) {
            cli.error(
                    "WARNING: the \"is-automated\" filter is deprecated, and searching for \"is-automated=true\" will "
                            + "not yield any results in future.");
        }
        String filters = Filters.json(flags.list("filter"));
        Request request = Request.get("/images/search")
                .queryIf(!filters.isEmpty(), "filters", filters)
                .queryIf(flags.integer("limit") > 0, "limit", flags.text("limit"))
                .query("term", term)
                .header("X-Registry-Auth", Credentials.header(cli, registry(term)));
        boolean json = flags.text("format").contains("json");
        var rows = new ArrayList<Row>();
        for (Object result : Api.array(cli, request)) {
            rows.add(row(result, !flags.bool("no-trunc"), json));
        }
        cli.print(list.render(
                rows,
                Map.of(
                        "Name", "NAME",
                        "Description", "DESCRIPTION",
                        "StarCount", "STARS",
                        "IsOfficial", "OFFICIAL")));
        return 0;
    }

    /** The first part of a term names a registry if it looks like a host. */
    private static String registry(String term) {
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return host ? first : "docker.io";
    }

    private static Row row(Object result, boolean truncate, boolean json) {
        String description = Json.text(result, "description").replace('\n', ' ').replace('\r', ' ');
        return new Row("*registry.searchContext")
                .with("Description", truncate ? Text.ellipsis(description, DESCRIPTION) : description)
                .with("IsOfficial", flag(Json.bool(result, "is_official"), json))
                .with("Name", Json.text(result, "name"))
                .with("StarCount", Json.number(result, "star_count") + "");
    }

    private static String flag(boolean on, boolean json) {
        if (json) {
            return on ? "true" : "false";
        }
        return on ? "[OK]" : "";
    }
}
