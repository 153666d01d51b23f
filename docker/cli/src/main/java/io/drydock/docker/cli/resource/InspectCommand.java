package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.image.Platform;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code docker inspect} and those of one kind: what the engine says of objects, as it is or through a template. */
public record InspectCommand(String kind) implements Command {
    private static final List<String> KINDS = List.of("container", "image", "network", "volume", "plugin");

    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String format = flags.text("format");
        Template template = null;
        if (!format.isEmpty() && !format.equals("json")) {
            try {
                template = Template.parse(format);
            } catch (TemplateException e) {
                throw new CliException("template parsing error: " + e.getMessage(), 64);
            }
        }
        String wanted = kind.isEmpty() ? flags.text("type") : kind;
        if (!wanted.isEmpty() && !KINDS.contains(wanted)) {
            throw new CliException(
                    switch (wanted) {
                        case "node", "service", "task", "secret", "config" ->
                            "inspecting a " + wanted + " is not built into this client yet";
                        default ->
                            "unknown type: \"" + wanted
                                    + "\": must be one of \"config\", \"container\", \"image\", \"network\", \"node\", "
                                    + "\"plugin\", \"secret\", \"service\", \"task\", \"volume\"";
                    });
        }
        var found = new ArrayList<String>();
        var errors = new ArrayList<String>(0);
        for (String name : arguments) {
            try {
                String text = find(cli, wanted, name, flags);
                found.add(template == null ? text : render(cli, template, text));
            } catch (EngineException e) {
                errors.add((kind.isEmpty() && wanted.isEmpty() ? "Error: " : "Error response from daemon: ")
                        + e.getMessage());
            }
        }
        if (template != null) {
            found.forEach(cli::println);
        } else if (format.equals("json")) {
            cli.println("[" + String.join(",", found) + "]");
        } else {
            array(cli, found);
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }

    private static void array(Cli cli, List<String> found) {
        if (found.isEmpty()) {
            cli.println("[]");
            return;
        }
        cli.println(Json.indent("[" + String.join(",", found) + "]", "", "    "));
    }

    private static String find(Cli cli, String wanted, String name, FlagSet flags) throws IOException, CliException {
        if (name.isEmpty()) {
            throw new EngineException(404, "No such object: ");
        }
        for (String one : wanted.isEmpty() ? KINDS : List.of(wanted)) {
            try (Answer answer = cli.engine().send(request(one, name, flags))) {
                return answer.text().strip();
            } catch (EngineException e) {
                if (!wanted.isEmpty() || e.status() != 404) {
                    throw e;
                }
            }
        }
        throw new EngineException(404, "No such object: " + name);
    }

    private static Request request(String kind, String name, FlagSet flags) throws CliException {
        return switch (kind) {
            case "container" ->
                Request.get(Api.container(name) + "/json")
                        .queryIf(flags.has("size") && flags.bool("size"), "size", "1");
            case "image" -> {
                String platform = flags.has("platform") ? Platform.query(flags.text("platform")) : "";
                yield Request.get(Api.path("images", name) + "/json")
                        .queryIf(!platform.isEmpty(), "platform", platform);
            }
            case "network" ->
                Request.get(Api.path("networks", name))
                        .queryIf(flags.has("verbose") && flags.bool("verbose"), "verbose", "true");
            case "plugin" -> Request.get(Api.path("plugins", name) + "/json");
            default -> Request.get(Api.path("volumes", name));
        };
    }

    private static String render(Cli cli, Template template, String json) throws CliException {
        Object data = Absent.fill(Json.map(Json.parse(json)));
        try {
            return template.render(data, Template.MissingKey.ERROR);
        } catch (TemplateException e) {
            cli.println("");
            throw new CliException("template parsing error: " + e.getMessage());
        }
    }
}
