package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker volume create}. */
public final class VolumeCreateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(0, 1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        for (String cluster : List.of(
                "availability",
                "group",
                "limit-bytes",
                "required-bytes",
                "scope",
                "secret",
                "sharing",
                "topology-preferred",
                "topology-required",
                "type")) {
            if (flags.changed(cluster)) {
                throw new CliException("cluster volumes are not built into this client yet: --" + cluster);
            }
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("Driver", flags.text("driver"));
        body.put("DriverOpts", pairs(flags.list("opt")));
        body.put("Labels", pairs(flags.list("label")));
        if (!arguments.isEmpty()) {
            body.put("Name", arguments.getFirst());
        }
        cli.println(Json.text(Api.object(cli, Request.post("/volumes/create").json(body)), "Name"));
        return 0;
    }

    static Map<String, String> pairs(List<String> given) {
        var pairs = new LinkedHashMap<String, String>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            pairs.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
        }
        return pairs;
    }
}
