package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Download;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** {@code docker save}. */
public final class SaveCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String output = flags.text("output");
        if (output.isEmpty() && cli.streams().outTerminal()) {
            throw new CliException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        }
        Request request = Request.get("/images/get");
        for (String image : arguments) {
            request.query("names", image);
        }
        request.queryIf(flags.changed("platform"), "platform", Platform.query(flags.text("platform")));
        Download.to(cli, request, output, "failed to save image");
        return 0;
    }
}
