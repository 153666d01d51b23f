package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** Commands that make one request for each container and print its name: stop, restart, kill, pause, unpause, rm. */
public record SimpleCommand(String verb) implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        if (flags.has("time") && flags.changed("time")) {
            cli.error("Flag --time has been deprecated, use --timeout instead");
        }
        boolean forced = verb.equals("rm") && flags.bool("force");
        try {
            return Api.each(cli, arguments, name -> Api.send(cli, request(flags, name)));
        } catch (CliException e) {
            // what is not there needs no force to be gone
            if (forced && String.valueOf(e.getMessage()).lines().allMatch(line -> line.contains("No such container"))) {
                cli.error(String.valueOf(e.getMessage()));
                return 0;
            }
            throw e;
        }
    }

    private Request request(FlagSet flags, String name) throws CliException {
        if (verb.equals("rm")) {
            String id = name.startsWith("/") ? name.substring(1) : name;
            if (id.isEmpty()) {
                throw new CliException("container name cannot be empty");
            }
            return Request.delete(Api.container(id))
                    .queryIf(flags.bool("force"), "force", "1")
                    .queryIf(flags.bool("link"), "link", "1")
                    .queryIf(flags.bool("volumes"), "v", "1");
        }
        Request request = Request.post(Api.container(name) + "/" + verb);
        switch (verb) {
            case "stop", "restart" -> {
                String signal = flags.text("signal");
                request.queryIf(!signal.isEmpty(), "signal", signal);
                String flag = flags.changed("timeout") ? "timeout" : "time";
                if (flags.changed(flag)) {
                    request.query("t", flags.integer(flag) + "");
                }
            }
            case "kill" -> {
                String signal = flags.text("signal");
                request.queryIf(!signal.isEmpty(), "signal", signal);
            }
            default -> {}
        }
        return request;
    }
}
