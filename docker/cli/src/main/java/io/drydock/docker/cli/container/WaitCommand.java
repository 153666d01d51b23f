package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.EngineException;
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

/** {@code docker wait}. */
public final class WaitCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var errors = new ArrayList<String>(0);
        for (String name : arguments) {
            try {
                Map<String, Object> answer = Api.object(cli, Request.post(Api.container(name) + "/wait"));
                String error = Json.text(answer, "Error", "Message");
                if (error.isEmpty()) {
                    cli.println(Json.text(answer, "StatusCode"));
                } else {
                    errors.add(error);
                }
            } catch (EngineException e) {
                errors.add("Error response from daemon: " + e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }
}
