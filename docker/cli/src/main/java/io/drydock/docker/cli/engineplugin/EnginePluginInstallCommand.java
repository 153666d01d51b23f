package io.drydock.docker.cli.engineplugin;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.image.Progress;
import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Confirm;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code docker plugin install} and {@code upgrade}: asks for the privileges that the plugin wants, then pulls it. */
public record EnginePluginInstallCommand(boolean upgrade) implements Command {
    @Override
    public Arity arity() {
        return upgrade ? Arity.between(1, 2) : Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        return upgrade ? upgrade(cli, flags, arguments) : install(cli, flags, arguments);
    }

    private static int install(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Reference remote = Reference.parse(arguments.getFirst());
        String name = flags.text("alias");
        if (!name.isEmpty()) {
            Reference alias = Reference.parse(name);
            if (!alias.digest().isEmpty()) {
                throw new CliException("invalid name: " + name);
            }
            name = alias.familiarName() + ":" + alias.tagOrLatest();
        }
        String local = name.isEmpty() ? familiar(remote) : name;
        pull(cli, flags, remote, Request.post("/plugins/pull"), name);
        if (arguments.size() > 1) {
            Api.send(
                    cli,
                    Request.post(Api.path("plugins", local) + "/set").json(arguments.subList(1, arguments.size())));
        }
        if (!flags.bool("disable")) {
            EnginePluginCommand.enable(cli, local, 0);
        }
        cli.println("Installed plugin " + arguments.getFirst());
        return 0;
    }

    private static int upgrade(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        Map<String, Object> plugin;
        try {
            plugin = Api.object(cli, Request.get(Api.path("plugins", arguments.getFirst()) + "/json"));
        } catch (EngineException e) {
            throw new CliException("error reading plugin data: Error response from daemon: " + e.getMessage());
        }
        if (Json.bool(plugin, "Enabled")) {
            throw new CliException("the plugin must be disabled before upgrading");
        }
        String name = Json.text(plugin, "Name");
        String was = Json.text(plugin, "PluginReference");
        Reference remote = Reference.parse(arguments.size() > 1 ? arguments.get(1) : was);
        cli.println("Upgrading plugin " + name + " from " + familiar(Reference.parse(was)) + " to " + familiar(remote));
        if (!flags.bool("skip-remote-check") && !familiar(remote).equals(familiar(Reference.parse(was)))) {
            Confirm.question(cli, "Plugin images do not match, are you sure?");
        }
        pull(cli, flags, remote, Request.post(Api.path("plugins", name) + "/upgrade"), "");
        cli.println("Upgraded plugin " + name + " to " + familiar(remote));
        return 0;
    }

    private static String familiar(Reference reference) {
        return reference.digest().isEmpty()
                ? reference.familiarName() + ":" + reference.tagOrLatest()
                : reference.familiarName() + "@" + reference.digest();
    }

    private static void pull(Cli cli, FlagSet flags, Reference remote, Request request, String name)
            throws IOException, CliException {
        String auth = Credentials.header(cli, remote.registry());
        List<Object> privileges = Api.array(
                cli,
                Request.get("/plugins/privileges")
                        .query("remote", familiar(remote))
                        .header("X-Registry-Auth", auth));
        if (!flags.bool("grant-all-permissions") && !privileges.isEmpty()) {
            var text = new StringBuilder("Plugin \"" + familiar(remote) + "\" is requesting the following privileges:");
            for (@Nullable Object privilege : privileges) {
                text.append("\n - ").append(Json.text(privilege, "Name")).append(": [");
                text.append(String.join(
                        " ",
                        Json.list(Json.at(privilege, "Value")).stream()
                                .map(String::valueOf)
                                .toList()));
                text.append(']');
            }
            Confirm.question(cli, text + "\nDo you grant the above permissions?");
        }
        request.query("remote", familiar(remote))
                .queryIf(!name.isEmpty(), "name", name)
                .header("X-Registry-Auth", auth)
                .json(privileges);
        try (Answer answer = cli.engine().send(request)) {
            new Progress(cli.streams().out(), cli.streams().outTerminal()).show(answer.body());
        }
    }
}
