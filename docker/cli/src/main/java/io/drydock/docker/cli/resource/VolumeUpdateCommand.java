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

/** {@code docker volume update}: only volumes of a swarm can be updated. */
public final class VolumeUpdateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(0, 1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        Map<String, Object> volume = Api.object(cli, Request.get(Api.path("volumes", name)));
        Map<String, Object> cluster = Json.map(volume.get("ClusterVolume"));
        if (cluster.isEmpty()) {
            throw new CliException("can only update cluster volumes");
        }
        var spec = new LinkedHashMap<>(Json.map(cluster.get("Spec")));
        if (flags.changed("availability")) {
            spec.put("Availability", flags.text("availability"));
        }
        Api.send(
                cli,
                Request.put(Api.path("volumes", Json.text(cluster, "ID")))
                        .query("version", Json.number(cluster, "Version", "Index") + "")
                        .json(Map.of("Spec", spec)));
        return 0;
    }
}
