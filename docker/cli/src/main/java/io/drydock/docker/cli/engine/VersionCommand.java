package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.format.Row;
import io.drydock.docker.cli.format.Times;
import io.drydock.docker.cli.http.ConnectException;
import io.drydock.docker.cli.http.EngineClient;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code docker version}. */
public final class VersionCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
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
        Map<String, Object> server = null;
        CliException failure = null;
        try {
            server = Api.object(cli, Request.get("/version"));
            server.remove("BuildTime", "");
        } catch (ConnectException e) {
            failure = new CliException(String.valueOf(e.getMessage()));
        } catch (EngineException e) {
            failure = new CliException("Error response from daemon: " + e.getMessage());
        }
        Map<String, Object> client = client(cli, server != null);
        if (format.equals("json") || template != null) {
            var both = new LinkedHashMap<String, @Nullable Object>();
            both.put("Client", client);
            both.put("Server", server);
            if (template == null) {
                cli.println(Json.write(both));
            } else {
                render(cli, template, both);
            }
        } else {
            cli.print(text(client, server));
        }
        if (failure != null) {
            throw failure;
        }
        return 0;
    }

    private static void render(Cli cli, Template template, Map<String, @Nullable Object> both) throws CliException {
        try {
            cli.println(template.render(Row.of("system.versionInfo", both), Template.MissingKey.ERROR));
        } catch (TemplateException e) {
            cli.println("");
            throw new CliException(String.valueOf(e.getMessage())
                    .replace("template: :", "template: version:")
                    .replace("executing \"\"", "executing \"version\""));
        }
    }

    private static Map<String, Object> client(Cli cli, boolean connected) throws IOException {
        var client = new LinkedHashMap<String, Object>();
        client.put("Version", Cli.VERSION);
        client.put("ApiVersion", connected ? cli.engine().version() : EngineClient.NEWEST);
        client.put("DefaultAPIVersion", EngineClient.NEWEST);
        client.put("GitCommit", "drydock");
        client.put("GoVersion", "java" + Runtime.version().feature());
        client.put("Os", "linux");
        client.put("Arch", System.getProperty("os.arch"));
        client.put("BuildTime", "");
        client.put("Context", cli.context());
        return client;
    }

    private static String text(Map<String, Object> client, @Nullable Map<String, Object> server) {
        var out = new StringBuilder("Client:\n");
        String api = Json.text(client, "ApiVersion");
        line(out, " Version", Json.text(client, "Version"));
        line(
                out,
                " API version",
                api.equals(EngineClient.NEWEST) ? api : api + " (downgraded from " + EngineClient.NEWEST + ")");
        line(out, " Java version", Json.text(client, "GoVersion"));
        line(out, " Git commit", Json.text(client, "GitCommit"));
        line(out, " OS/Arch", "linux/" + Json.text(client, "Arch"));
        line(out, " Context", Json.text(client, "Context"));
        if (server == null) {
            return out.toString();
        }
        out.append("\nServer:");
        String platform = Json.text(server, "Platform", "Name");
        out.append(platform.isEmpty() ? "\n" : " " + platform + "\n");
        List<Object> components = Json.list(server.get("Components"));
        if (components.isEmpty()) {
            components = List.of(Map.of("Name", "Engine", "Version", server.get("Version"), "Details", engine(server)));
        }
        for (Object component : components) {
            component(out, component);
        }
        return out.toString();
    }

    private static Map<String, Object> engine(Map<String, Object> server) {
        var details = new LinkedHashMap<String, Object>(server);
        details.put("Experimental", Json.bool(server, "Experimental") + "");
        return details;
    }

    private static void component(StringBuilder out, Object component) {
        out.append(' ').append(Json.text(component, "Name")).append(":\n");
        line(out, "  Version", Json.text(component, "Version"));
        Map<String, Object> details = Json.map(Json.at(component, "Details"));
        if (Json.text(component, "Name").equals("Engine")) {
            line(
                    out,
                    "  API version",
                    Json.text(details, "ApiVersion") + " (minimum version " + Json.text(details, "MinAPIVersion")
                            + ")");
            line(out, "  Go version", Json.text(details, "GoVersion"));
            line(out, "  Git commit", Json.text(details, "GitCommit"));
            line(out, "  Built", reformat(Json.text(details, "BuildTime")));
            line(out, "  OS/Arch", Json.text(details, "Os") + "/" + Json.text(details, "Arch"));
            line(out, "  Experimental", Json.text(details, "Experimental"));
            return;
        }
        for (var entry : new java.util.TreeMap<>(details).entrySet()) {
            line(out, "  " + entry.getKey(), entry.getValue() + "");
        }
    }

    private static void line(StringBuilder out, String label, String value) {
        String head = label + ":";
        out.append(head)
                .repeat(' ', Math.max(1, 20 - head.length()))
                .append(value)
                .append('\n');
    }

    private static String reformat(String built) {
        try {
            return Times.ansic(built);
        } catch (DateTimeException e) {
            return built;
        }
    }
}
