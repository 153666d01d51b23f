package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Hijacked;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Terminal;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker exec}. */
public final class ExecCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(2);
    }

    @Override
    public boolean flagsFirst() {
        return true;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean detach = flags.bool("detach");
        boolean tty = flags.bool("tty");
        boolean stdin = flags.bool("interactive") && !detach;
        String container = arguments.getFirst();
        var body = new LinkedHashMap<String, Object>();
        body.put("User", flags.text("user"));
        body.put("Privileged", flags.bool("privileged"));
        body.put("Tty", tty);
        if (tty && cli.streams().outTerminal()) {
            int[] size = Terminal.size();
            body.put("ConsoleSize", List.of(size[0], size[1]));
        }
        body.put("AttachStdin", stdin);
        body.put("AttachStderr", !detach);
        body.put("AttachStdout", !detach);
        body.put("DetachKeys", RunCommand.detachKeys(cli, flags));
        body.put("Env", CreateOptions.environmentOf(flags.list("env-file"), flags.list("env"), cli.environment()));
        body.put("WorkingDir", flags.text("workdir"));
        body.put("Cmd", List.copyOf(arguments.subList(1, arguments.size())));
        if (stdin && tty && !cli.streams().inTerminal()) {
            throw new CliException("the input device is not a TTY");
        }
        Map<String, Object> created =
                Api.object(cli, Request.post(Api.container(container) + "/exec").json(body));
        String id = Json.text(created, "Id");
        if (id.isEmpty()) {
            throw new CliException("exec ID empty");
        }
        String path = Api.path("exec", id);
        var start = new LinkedHashMap<String, Object>();
        start.put("Detach", detach);
        start.put("Tty", tty);
        if (detach) {
            Api.send(cli, Request.post(path + "/start").json(start));
            return 0;
        }
        if (body.containsKey("ConsoleSize")) {
            start.put("ConsoleSize", body.get("ConsoleSize"));
        }
        Hijacked hijacked = cli.engine().hijack(Request.post(path + "/start").json(start));
        try (var attachment =
                new Attachment(cli, hijacked, tty, stdin, DetachKeys.parse(RunCommand.detachKeys(cli, flags)))) {
            if (tty && cli.streams().outTerminal()) {
                Attachment.followSize(cli, path);
            }
            attachment.copyOutput();
            if (attachment.detached()) {
                throw new CliException("read escape sequence");
            }
        }
        return (int) Json.number(Api.object(cli, Request.get(path + "/json")), "ExitCode");
    }
}
