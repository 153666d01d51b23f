package io.drydock.docker.cli.plugin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs a plugin in our place: with our whole command line, our streams and our environment. */
public final class PluginRun {
    /** Tells the plugin what to call when it needs the client. */
    private static final String CALLER = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND";

    private PluginRun() {}

    /** Its exit code; {@code words} is the command line without the program. */
    public static int of(CliPlugin plugin, List<String> words) throws IOException {
        var command = new ArrayList<String>();
        command.add(plugin.path());
        command.addAll(words);
        var builder = new ProcessBuilder(command).inheritIO();
        String home = System.getProperty("drydock.home", "");
        builder.environment().put(CALLER, home.isEmpty() ? "docker" : home + "/bin/docker");
        Process process = builder.start();
        // the terminal sends it to both of us, and the plugin decides what it means
        sun.misc.Signal.handle(new sun.misc.Signal("INT"), signal -> {});
        sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> process.destroy());
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
