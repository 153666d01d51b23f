package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Hijacked;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code docker attach}. */
public final class AttachCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.getFirst();
        Map<String, Object> container = Api.object(cli, Request.get(Api.container(name) + "/json"));
        if (!Json.bool(container, "State", "Running")) {
            throw new CliException("You cannot attach to a stopped container, start it first");
        }
        if (Json.bool(container, "State", "Paused")) {
            throw new CliException("You cannot attach to a paused container, unpause it first");
        }
        if (Json.bool(container, "State", "Restarting")) {
            throw new CliException("You cannot attach to a restarting container, wait until it is running");
        }
        boolean tty = Json.bool(container, "Config", "Tty");
        boolean stdin = !flags.bool("no-stdin") && Json.bool(container, "Config", "OpenStdin");
        if (stdin && tty && !cli.streams().inTerminal()) {
            throw new CliException("the input device is not a TTY");
        }
        String id = Json.text(container, "Id");
        String keys = RunCommand.detachKeys(cli, flags);
        if (flags.bool("sig-proxy") && !tty) {
            Signals.forward(cli, id);
        }
        var wait = new ExitWait(cli, id, "");
        Hijacked hijacked = cli.engine().hijack(RunCommand.attachRequest(id, keys, stdin, true, true));
        try (var attachment = new Attachment(cli, hijacked, tty, stdin, DetachKeys.parse(keys))) {
            if (tty && cli.streams().outTerminal()) {
                Attachment.followSize(cli, Api.container(id));
            }
            attachment.copyOutput();
            if (attachment.detached()) {
                cli.error("read escape sequence");
                return 0;
            }
            return wait.join();
        }
    }
}
