package io.drydock.docker.cli.image;

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

/** {@code docker rmi}. */
public final class RemoveImagesCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var errors = new ArrayList<String>(0);
        boolean fatal = false;
        for (String image : arguments) {
            Request request = withPlatforms(
                    flags,
                    Request.delete(Api.path("images", image))
                            .queryIf(flags.bool("force"), "force", "1")
                            .queryIf(flags.bool("no-prune"), "noprune", "1"));
            try {
                for (Object removed : Api.array(cli, request)) {
                    String deleted = Json.text(removed, "Deleted");
                    cli.println(
                            deleted.isEmpty() ? "Untagged: " + Json.text(removed, "Untagged") : "Deleted: " + deleted);
                }
            } catch (EngineException e) {
                fatal |= e.status() != 404;
                errors.add("Error response from daemon: " + e.getMessage());
            }
        }
        if (errors.isEmpty()) {
            return 0;
        }
        String all = String.join("\n", errors);
        if (flags.bool("force") && !fatal) {
            cli.error(all);
            return 0;
        }
        throw new CliException(all);
    }

    private static Request withPlatforms(FlagSet flags, Request request) throws CliException {
        for (String platform : flags.list("platform")) {
            request.query("platforms", Platform.parse(platform).json());
        }
        return request;
    }
}
