package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code docker network connect} and {@code docker network disconnect}. */
public record NetworkConnectCommand(boolean connect) implements Command {
    @Override
    public Arity arity() {
        return Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var body = new LinkedHashMap<String, Object>();
        body.put("Container", arguments.get(1));
        if (connect) {
            body.put("EndpointConfig", endpoint(flags));
        } else {
            body.put("Force", flags.bool("force"));
        }
        Api.send(
                cli,
                Request.post(Api.path("networks", arguments.getFirst()) + (connect ? "/connect" : "/disconnect"))
                        .json(body));
        return 0;
    }

    private static Object endpoint(FlagSet flags) {
        var endpoint = new LinkedHashMap<String, Object>();
        var ipam = new LinkedHashMap<String, Object>();
        if (flags.changed("ip")) {
            ipam.put("IPv4Address", flags.text("ip"));
        }
        if (flags.changed("ip6")) {
            ipam.put("IPv6Address", flags.text("ip6"));
        }
        if (flags.changed("link-local-ip")) {
            ipam.put("LinkLocalIPs", flags.list("link-local-ip"));
        }
        endpoint.put("IPAMConfig", ipam);
        endpoint.put("Links", flags.list("link"));
        endpoint.put("Aliases", flags.list("alias"));
        endpoint.put("DriverOpts", VolumeCreateCommand.pairs(flags.list("driver-opt")));
        if (flags.changed("gw-priority")) {
            endpoint.put("GwPriority", flags.integer("gw-priority"));
        }
        return endpoint;
    }
}
