package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Hijacked;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code docker start}, with or without its streams. */
public final class StartCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (flags.bool("attach") || flags.bool("interactive")) {
            if (arguments.size() > 1) {
                throw new CliException("you cannot start and attach multiple containers at once");
            }
            return attached(cli, flags, arguments.getFirst());
        }
        var failed = new ArrayList<String>(0);
        for (String name : arguments) {
            try {
                Api.send(cli, request(flags, name));
                cli.println(name);
            } catch (EngineException e) {
                cli.error("Error response from daemon: " + e.getMessage());
                failed.add(name);
            }
        }
        if (!failed.isEmpty()) {
            throw new CliException("Error: failed to start containers: " + String.join(", ", failed));
        }
        return 0;
    }

    private static Request request(FlagSet flags, String name) {
        return Request.post(Api.container(name) + "/start")
                .queryIf(flags.changed("checkpoint"), "checkpoint", flags.text("checkpoint"))
                .queryIf(flags.changed("checkpoint-dir"), "checkpoint-dir", flags.text("checkpoint-dir"));
    }

    private static int attached(Cli cli, FlagSet flags, String name) throws IOException, CliException {
        Map<String, Object> container = Api.object(cli, Request.get(Api.container(name) + "/json"));
        String id = Json.text(container, "Id");
        boolean tty = Json.bool(container, "Config", "Tty");
        boolean stdin = flags.bool("interactive") && Json.bool(container, "Config", "OpenStdin");
        String keys = RunCommand.detachKeys(cli, flags);
        if (!tty) {
            Signals.forward(cli, id);
        }
        Hijacked hijacked = cli.engine().hijack(RunCommand.attachRequest(id, keys, stdin, true, true));
        try (var attachment = new Attachment(cli, hijacked, tty, stdin, DetachKeys.parse(keys))) {
            boolean removes = Json.bool(container, "HostConfig", "AutoRemove");
            var wait = new ExitWait(cli, id, removes ? "removed" : "next-exit");
            Api.send(cli, request(flags, id));
            if (tty && cli.streams().outTerminal()) {
                Attachment.followSize(cli, Api.container(id));
            }
            attachment.copyOutput();
            return attachment.detached() ? 0 : wait.join();
        }
    }
}
