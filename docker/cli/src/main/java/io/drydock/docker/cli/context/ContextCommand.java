package io.drydock.docker.cli.context;

import io.drydock.docker.cli.format.ListFormat;
import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Text;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker context ls}, {@code show} and {@code use}. */
public record ContextCommand(String verb) implements Command {
    static final String DEFAULT_DESCRIPTION = "Current DOCKER_HOST based configuration";

    @Override
    public Arity arity() {
        return verb.equals("use") ? Arity.ONE : Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        return switch (verb) {
            case "show" -> {
                cli.println(cli.context());
                yield 0;
            }
            case "use" -> use(cli, arguments.getFirst());
            default -> list(cli, flags);
        };
    }

    private static int use(Cli cli, String name) throws IOException, CliException {
        if (!name.equals("default")) {
            ContextStore.checkName(name);
            new ContextStore(cli.config().directory()).read(name);
        }
        if (name.equals("default")) {
            cli.config().content().remove("currentContext");
        } else {
            cli.config().content().put("currentContext", name);
        }
        cli.config().save();
        cli.println(name);
        cli.error("Current context is now \"" + name + "\"");
        if (!cli.environment().getOrDefault("DOCKER_HOST", "").isEmpty()) {
            cli.error("Warning: DOCKER_HOST environment variable overrides the active context. To use \"" + name
                    + "\", either set the global --context flag, or unset DOCKER_HOST environment variable.");
        }
        return 0;
    }

    private static int list(Cli cli, FlagSet flags) throws IOException, CliException {
        ListFormat list = flags.bool("quiet")
                ? ListFormat.of("{{.Name}}", "", "")
                : ListFormat.of(
                        flags.text("format"),
                        "{{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}",
                        "");
        String host = cli.engine().endpoint().host();
        var rows = new ArrayList<Row>();
        boolean isDefault = cli.context().equals("default");
        rows.add(row(
                "default",
                DEFAULT_DESCRIPTION,
                isDefault ? host : cli.environment().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock"),
                isDefault));
        for (Map<String, Object> context : new ContextStore(cli.config().directory()).all()) {
            String name = Json.text(context, "Name");
            rows.add(row(
                    name,
                    Json.text(context, "Metadata", "Description"),
                    Json.text(context, "Endpoints", "docker", "Host"),
                    name.equals(cli.context())));
        }
        rows.sort((a, b) -> Json.text(a.toMap(), "Name").compareTo(Json.text(b.toMap(), "Name")));
        cli.print(list.render(
                rows,
                Map.of(
                        "Name", "NAME",
                        "Description", "DESCRIPTION",
                        "DockerEndpoint", "DOCKER ENDPOINT",
                        "Current", "",
                        "Error", "ERROR")));
        boolean overridden = !cli.environment().getOrDefault("DOCKER_HOST", "").isEmpty();
        if (overridden && isDefault) {
            cli.error(
                    "Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either "
                            + "set the global --context flag, or unset DOCKER_HOST environment variable.");
        }
        return 0;
    }

    private static Row row(String name, String description, String host, boolean current) {
        return new Row("*formatter.clientContextContext")
                .with("Current", current)
                .with("Description", () -> Text.ellipsis(description, 60))
                .with("DockerEndpoint", host)
                .with("Error", "")
                .with("Name", name);
    }
}
