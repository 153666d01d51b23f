package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Filters;
import io.drydock.docker.cli.session.JsonLines;
import io.drydock.docker.cli.session.Since;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code docker events}. */
public final class EventsCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String format = flags.text("format");
        Template template = null;
        if (!format.isEmpty()) {
            try {
                template = Template.parse(format.equals("json") ? "{{json .}}" : format);
            } catch (TemplateException e) {
                throw new CliException("Error parsing format: " + e.getMessage(), 64);
            }
        }
        String filters = Filters.json(flags.list("filter"));
        Request request = Request.get("/events")
                .queryIf(!filters.isEmpty(), "filters", filters)
                .queryIf(flags.changed("since"), "since", Since.timestamp(flags.text("since")))
                .queryIf(flags.changed("until"), "until", Since.timestamp(flags.text("until")));
        try (Answer answer = cli.engine().send(request)) {
            var events = new JsonLines(answer.body());
            for (var event = events.next(); event != null; event = events.next()) {
                cli.println(text(template, event));
                cli.streams().out().flush();
            }
        }
        return 0;
    }

    private static String text(@Nullable Template template, Map<String, Object> event) throws CliException {
        if (template != null) {
            try {
                return template.render(event, Template.MissingKey.NO_VALUE);
            } catch (TemplateException e) {
                throw new CliException(String.valueOf(e.getMessage()));
            }
        }
        var out = new StringBuilder();
        long nanos = Json.number(event, "timeNano");
        long seconds = nanos == 0 ? Json.number(event, "time") : Math.floorDiv(nanos, 1_000_000_000L);
        out.append(Times.rfc3339Nine(Instant.ofEpochSecond(seconds, Math.floorMod(nanos, 1_000_000_000L))));
        out.append(' ').append(Json.text(event, "Type")).append(' ').append(Json.text(event, "Action"));
        out.append(' ').append(Json.text(event, "Actor", "ID"));
        Map<String, Object> attributes = Json.map(Json.at(event, "Actor", "Attributes"));
        if (!attributes.isEmpty()) {
            String separator = " (";
            for (var entry : new TreeMap<>(attributes).entrySet()) {
                out.append(separator).append(entry.getKey()).append('=').append(entry.getValue());
                separator = ", ";
            }
            out.append(')');
        }
        return out.toString();
    }
}
