package io.drydock.docker.cli.engineplugin;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker plugin enable}, {@code disable}, {@code rm} and {@code set}. */
public record EnginePluginCommand(String path) implements Command {
    @Override
    public Arity arity() {
        return switch (path) {
            case "plugin rm" -> Arity.atLeast(1);
            case "plugin set" -> Arity.atLeast(2);
            default -> Arity.ONE;
        };
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.getFirst();
        return switch (path) {
            case "plugin rm" ->
                Api.each(
                        cli,
                        arguments,
                        each -> Api.send(
                                cli,
                                Request.delete(Api.path("plugins", each)).queryIf(flags.bool("force"), "force", "1")));
            case "plugin set" -> {
                Api.send(
                        cli,
                        Request.post(Api.path("plugins", name) + "/set").json(arguments.subList(1, arguments.size())));
                yield 0;
            }
            case "plugin enable" -> {
                if (flags.integer("timeout") < 0) {
                    throw new CliException("negative timeout " + flags.integer("timeout") + " is invalid");
                }
                enable(cli, name, flags.integer("timeout"));
                cli.println(name);
                yield 0;
            }
            default -> {
                Api.send(
                        cli,
                        Request.post(Api.path("plugins", name) + "/disable")
                                .queryIf(flags.bool("force"), "force", "1"));
                cli.println(name);
                yield 0;
            }
        };
    }

    /** {@code timeout} is in seconds. */
    static void enable(Cli cli, String name, long timeout) throws IOException {
        Api.send(cli, Request.post(Api.path("plugins", name) + "/enable").query("timeout", timeout + ""));
    }
}
