package io.drydock.docker.cli.resource;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker network create}. */
public final class NetworkCreateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var body = new LinkedHashMap<String, Object>();
        body.put("Name", arguments.getFirst());
        body.put("CheckDuplicate", true);
        body.put("Driver", flags.text("driver"));
        body.put("Scope", flags.text("scope"));
        if (flags.changed("ipv4")) {
            body.put("EnableIPv4", flags.bool("ipv4"));
        }
        if (flags.changed("ipv6")) {
            body.put("EnableIPv6", flags.bool("ipv6"));
        }
        body.put("Internal", flags.bool("internal"));
        body.put("Attachable", flags.bool("attachable"));
        body.put("Ingress", flags.bool("ingress"));
        body.put("ConfigOnly", flags.bool("config-only"));
        if (flags.changed("config-from")) {
            body.put("ConfigFrom", Map.of("Network", flags.text("config-from")));
        }
        body.put("Options", VolumeCreateCommand.pairs(flags.list("opt")));
        body.put("Labels", VolumeCreateCommand.pairs(flags.list("label")));
        body.put(
                "IPAM",
                Map.of(
                        "Driver", flags.text("ipam-driver"),
                        "Options", VolumeCreateCommand.pairs(flags.list("ipam-opt")),
                        "Config", pools(flags)));
        Map<String, Object> answer =
                Api.object(cli, Request.post("/networks/create").json(body));
        String warning = Json.text(answer, "Warning");
        if (!warning.isEmpty()) {
            cli.error("WARNING: " + warning);
        }
        cli.println(Json.text(answer, "Id"));
        return 0;
    }

    /** A pool for each subnet; gateways and ranges belong to the subnets in the order they are given. */
    private static List<Object> pools(FlagSet flags) throws CliException {
        List<String> subnets = flags.list("subnet");
        List<String> ranges = flags.list("ip-range");
        List<String> gateways = flags.list("gateway");
        if (subnets.size() < ranges.size() || subnets.size() < gateways.size()) {
            throw new CliException("every ip-range or gateway must have a corresponding subnet");
        }
        if (subnets.isEmpty() && flags.changed("aux-address")) {
            String first = flags.list("aux-address").getFirst();
            int equals = first.indexOf('=');
            throw new CliException(
                    "no matching subnet for aux-address " + (equals < 0 ? "" : first.substring(equals + 1)));
        }
        var pools = new ArrayList<Object>();
        for (int i = 0; i < subnets.size(); i++) {
            var pool = new LinkedHashMap<String, Object>();
            pool.put("Subnet", subnets.get(i));
            if (i < ranges.size()) {
                pool.put("IPRange", ranges.get(i));
            }
            if (i < gateways.size()) {
                pool.put("Gateway", gateways.get(i));
            }
            if (i == 0 && flags.changed("aux-address")) {
                pool.put("AuxiliaryAddresses", VolumeCreateCommand.pairs(flags.list("aux-address")));
            }
            pools.add(pool);
        }
        return pools;
    }
}
