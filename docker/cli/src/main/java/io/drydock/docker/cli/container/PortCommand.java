package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code docker port}. */
public final class PortCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(1, 2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String name = arguments.getFirst();
        Map<String, Object> container = Api.object(cli, Request.get(Api.container(name) + "/json"));
        Map<String, Object> ports = Json.map(Json.at(container, "NetworkSettings", "Ports"));
        var lines = new ArrayList<String>();
        if (arguments.size() == 2) {
            String wanted = arguments.get(1).indexOf('/') < 0 ? arguments.get(1) + "/tcp" : arguments.get(1);
            List<Object> bindings = Json.list(ports.get(wanted));
            if (bindings.isEmpty()) {
                throw new CliException("Error: No public port '" + arguments.get(1) + "' published for " + name);
            }
            for (Object b : bindings) {
                lines.add(address(b));
            }
        } else {
            ports.forEach((port, bindings) -> {
                for (Object b : Json.list(bindings)) {
                    lines.add(port + " -> " + address(b));
                }
            });
        }
        lines.sort(Comparator.naturalOrder());
        lines.forEach(cli::println);
        return 0;
    }

    private static String address(Object binding) {
        String ip = Json.text(binding, "HostIp");
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + Json.text(binding, "HostPort");
    }
}
