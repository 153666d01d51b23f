package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker update}. */
public final class UpdateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean any = false;
        for (var flag : flags.all()) {
            any |= flag.changed();
        }
        if (!any) {
            throw new CliException("you must provide one or more flags when using this command");
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("BlkioWeight", flags.integer("blkio-weight"));
        body.put("CpusetCpus", flags.text("cpuset-cpus"));
        body.put("CpusetMems", flags.text("cpuset-mems"));
        body.put("CpuShares", flags.integer("cpu-shares"));
        body.put("Memory", flags.bytes("memory"));
        body.put("MemoryReservation", flags.bytes("memory-reservation"));
        body.put("MemorySwap", flags.bytes("memory-swap"));
        body.put("CpuPeriod", flags.integer("cpu-period"));
        body.put("CpuQuota", flags.integer("cpu-quota"));
        body.put("CpuRealtimePeriod", flags.integer("cpu-rt-period"));
        body.put("CpuRealtimeRuntime", flags.integer("cpu-rt-runtime"));
        body.put("NanoCpus", flags.billionths("cpus"));
        if (flags.changed("pids-limit")) {
            body.put("PidsLimit", flags.integer("pids-limit"));
        }
        if (flags.changed("restart")) {
            body.put("RestartPolicy", HostOptions.restartPolicy(flags.text("restart")));
        }
        return Api.each(cli, arguments, name -> {
            Map<String, Object> answer = Api.object(
                    cli, Request.post(Api.container(name) + "/update").json(body));
            Api.warnings(cli, answer);
        });
    }
}
