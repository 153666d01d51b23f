package io.drydock.containerd.server;

import io.drydock.containerd.server.config.Arguments;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.linux.Linux;
import io.drydock.log.LogSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * containerd: {@code containerd [flags]} serves until SIGTERM or SIGINT; {@code containerd config default|dump|migrate};
 * {@code containerd publish}, by which shims of others send their events.
 */
public final class Main {
    private static final String USAGE = """
            NAME:
               containerd - high performance container runtime

            USAGE:
               containerd [global options] command [command options] [arguments...]

            COMMANDS:
               config   information on the containerd config: default, dump, migrate
               publish  binary to publish events to containerd

            GLOBAL OPTIONS:
               --config value, -c value     path to the configuration file (default: "/etc/containerd/config.toml")
               --log-level value, -l value  set the logging level [trace, debug, info, warn, error, fatal, panic]
               --address value, -a value    address for containerd's GRPC server
               --root value                 containerd root directory
               --state value                containerd state directory
               --help, -h                   show help
               --version, -v                print the version
            """;

    private Main() {}

    public static void main(String[] arguments) {
        int status;
        try {
            status = run(Arguments.parse(arguments));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("containerd: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            status = 1; // nobody interrupts the main thread
        }
        System.exit(status);
    }

    private static int run(Arguments arguments) throws IOException, InterruptedException {
        if (arguments.has("help")) {
            System.out.print(USAGE);
            return 0;
        }
        if (arguments.has("version")) {
            System.out.println("containerd drydock " + Server.VERSION + " " + Server.REVISION);
            return 0;
        }
        if (!arguments.command().isEmpty()) {
            return command(arguments);
        }
        serve(arguments.config());
        return 0;
    }

    private static int command(Arguments arguments) throws IOException {
        switch (arguments.command().getFirst()) {
            case "config" -> {
                return config(arguments);
            }
            case "publish" -> {
                return PublishCommand.run(arguments);
            }
            default -> {
                System.err.println("containerd: no such command: " + String.join(" ", arguments.command()));
                return 1;
            }
        }
    }

    private static int config(Arguments arguments) throws IOException {
        switch (String.join(" ", arguments.command())) {
            case "config default" -> System.out.print(ServerConfig.DEFAULT.toToml());
            case "config dump" -> System.out.print(arguments.config().toToml());
            case "config migrate" -> System.out.print(arguments.migrated());
            default -> {
                System.err.println("containerd: no such command: " + String.join(" ", arguments.command()));
                return 1;
            }
        }
        return 0;
    }

    /** Serves until a signal ends the process. */
    private static void serve(ServerConfig config) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        LogSetup.choose(config.logLevel(), config.logFormat().equals("json"));
        Linux.system().processes().setThreadName("containerd");
        var server = Server.start(config, home());
        var stopped = new CountDownLatch(1);
        // handled here and not by a shutdown hook, because SIGTERM is how it is meant to end: that is no failure
        for (var signal : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(signal), ignored -> stopped.countDown());
        }
        org.slf4j.LoggerFactory.getLogger(Main.class)
                .info("containerd successfully booted in {}s", (System.nanoTime() - begin) / 1_000_000 / 1000.0);
        stopped.await();
        server.close();
        System.exit(0);
    }

    private static Path home() {
        var fromEnvironment = System.getenv("DRYDOCK_HOME");
        return Path.of(fromEnvironment != null ? fromEnvironment : System.getProperty("drydock.home", "/usr"));
    }
}
