package io.drydock.registry.server;

import io.drydock.log.LogSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code registry serve CONFIG}: serves until SIGTERM or SIGINT. */
public final class Main {
    private static final String VERSION = "0.1.0";
    private static final String USAGE = """
            `registry`

            Usage:
              registry [flags]
              registry [command]

            Available Commands:
              export          `export` writes images into an archive
              garbage-collect `garbage-collect` deletes layers not referenced by any manifests (gc for short)
              import          `import` takes the images of an archive
              scrub           `scrub` reads all blobs and finds those that no longer have their digest
              index           `index rebuild` reads again what lists are answered from
              serve           `serve` stores and distributes Docker images

            Flags:
              -h, --help      help for registry
              -v, --version   show the version and exit
            """;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        var command = arguments.length == 0 ? "--help" : arguments[0];
        switch (command) {
            case "--version", "-v" -> System.out.println("registry drydock v" + VERSION);
            case "--help", "-h", "help" -> System.out.print(USAGE);
            case "serve" -> serve(arguments);
            case "import" -> ArchiveCommands.importArchive(List.of(arguments).subList(1, arguments.length));
            case "export" -> ArchiveCommands.exportArchive(List.of(arguments).subList(1, arguments.length));
            case "index" -> IndexCommand.run(List.of(arguments).subList(1, arguments.length));
            case "scrub" -> ScrubCommand.run(List.of(arguments).subList(1, arguments.length));
            case "garbage-collect", "gc" ->
                GarbageCommand.run(List.of(arguments).subList(1, arguments.length));
            default -> fail("unknown command \"" + command + "\" for \"registry\"");
        }
    }

    private static void serve(String[] arguments) throws InterruptedException {
        var path = arguments.length > 1 ? arguments[1] : System.getenv("REGISTRY_CONFIGURATION_PATH");
        if (path == null || path.isEmpty()) {
            fail("configuration error: configuration path unspecified");
            return;
        }
        try {
            var settings = Settings.read(Path.of(path), System.getenv());
            LogSetup.choose(settings.logLevel(), settings.logJson());
            var server = RegistryServer.start(settings);
            var stopped = new CountDownLatch(1);
            // handled here and not by a shutdown hook, because SIGTERM is how it is meant to end: that is no failure
            for (var signal : new String[] {"TERM", "INT"}) {
                Signal.handle(new Signal(signal), ignored -> stopped.countDown());
            }
            Signal.handle(new Signal("HUP"), ignored -> reload(server, Path.of(path)));
            log().info("listening on {}", settings.http().address());
            stopped.await();
            server.close();
            System.exit(0);
        } catch (IOException | IllegalArgumentException e) {
            fail("configuration error: " + e.getMessage());
        }
    }

    private static void reload(RegistryServer server, Path path) {
        try {
            server.reload(Settings.read(path, System.getenv()));
            log().info("serving by the configuration in {} as it is now", path);
        } catch (IOException | IllegalArgumentException e) {
            log().error("serving by the configuration as it was: {}", e.getMessage());
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }

    static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
