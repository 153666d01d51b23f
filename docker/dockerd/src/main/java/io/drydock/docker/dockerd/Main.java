package io.drydock.docker.dockerd;

import io.drydock.log.LogSetup;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The program {@code dockerd}. */
public final class Main {
    private static final int USAGE = 125;

    private Main() {}

    public static void main(String... arguments) throws InterruptedException {
        DaemonConfig config;
        try {
            config = DaemonConfig.of(arguments);
        } catch (BadUsage e) {
            boolean flags = String.valueOf(e.getMessage()).contains("flag");
            System.err.println(e.getMessage() + (flags ? "\nSee 'dockerd --help'." : ""));
            System.exit(flags ? USAGE : 1);
            return;
        }
        if (config.flag(DaemonFlag.HELP, false)) {
            System.out.print(Usage.text());
            return;
        }
        if (config.flag(DaemonFlag.VERSION, false)) {
            System.out.println("Docker version " + Product.ENGINE + ", build " + Product.COMMIT);
            return;
        }
        if (config.flag(DaemonFlag.VALIDATE, false)) {
            System.out.println("configuration OK");
            return;
        }
        serve(config, arguments);
    }

    private static void serve(DaemonConfig config, String... arguments) throws InterruptedException {
        boolean debug = config.flag(DaemonFlag.DEBUG, false);
        String level = debug ? "debug" : config.text(DaemonFlag.LOG_LEVEL, "info");
        LogSetup.choose(level, config.text(DaemonFlag.LOG_FORMAT, "text").equals("json"));
        var stopped = new CountDownLatch(1);
        // handled here and not by a shutdown hook, because SIGTERM is how it is meant to end: that is no failure
        for (var signal : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(signal), ignored -> stopped.countDown());
        }
        int code = 0;
        try (var daemon = Daemon.start(config, InstalledPrograms.ofThisProcess(), level)) {
            Signal.handle(new Signal("HUP"), ignored -> reload(daemon, arguments));
            stopped.await();
            daemon.shutDown();
        } catch (BadUsage | IOException | RuntimeException e) {
            System.err.println("failed to start daemon: " + e.getMessage());
            if (debug) {
                e.printStackTrace();
            }
            code = 1;
        }
        System.exit(code);
    }

    /** Reads the configuration again: all of it is right, or nothing changes. */
    private static void reload(Daemon daemon, String... arguments) {
        try {
            daemon.reload(DaemonConfig.of(arguments));
        } catch (BadUsage | EngineException e) {
            LoggerFactory.getLogger(Main.class).error("Error reconfiguring the daemon: {}", e.getMessage());
        }
    }
}
