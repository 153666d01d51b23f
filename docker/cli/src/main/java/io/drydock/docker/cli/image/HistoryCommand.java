package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker history}. */
public final class HistoryCommand implements Command {
    private static final String TABLE =
            "{{.ID}}\t{{if .CreatedSince}}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
    private static final String EXACT = "{{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean human = flags.bool("human");
        boolean truncate = !flags.bool("no-trunc");
        ListFormat list = flags.bool("quiet")
                ? ListFormat.of("{{.ID}}", "", "")
                : ListFormat.of(flags.text("format"), human ? TABLE : EXACT, "");
        Request request = Request.get(Api.path("images", arguments.getFirst()) + "/history")
                .queryIf(flags.changed("platform"), "platform", Platform.query(flags.text("platform")));
        var rows = new ArrayList<Row>();
        for (Object entry : Api.array(cli, request)) {
            rows.add(row(Json.map(entry), human, truncate));
        }
        cli.print(list.render(
                rows,
                Map.of(
                        "ID", "IMAGE",
                        "CreatedSince", "CREATED",
                        "CreatedAt", "CREATED AT",
                        "CreatedBy", "CREATED BY",
                        "Size", "SIZE",
                        "Comment", "COMMENT")));
        return 0;
    }

    private static Row row(Map<String, Object> entry, boolean human, boolean truncate) {
        String id = Json.text(entry, "Id");
        Instant created = Instant.ofEpochSecond(Json.number(entry, "Created"));
        return new Row("*formatter.historyContext")
                .with("Comment", Json.text(entry, "Comment"))
                .with("CreatedAt", () -> Times.rfc3339(created))
                .with("CreatedBy", () -> {
                    String by = Json.text(entry, "CreatedBy").replace("\t", " ");
                    return truncate ? Text.ellipsis(by, 45) : by;
                })
                .with(
                        "CreatedSince",
                        () -> human
                                ? Units.duration((System.currentTimeMillis() - created.toEpochMilli()) * 1_000_000L)
                                        + " ago"
                                : Times.rfc3339(created))
                .with("ID", truncate ? Text.shortId(id) : id)
                .with("Size", () -> human ? Units.size(Json.number(entry, "Size")) : Json.text(entry, "Size"));
    }
}
