package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import java.io.IOException;

/** Passes signals that we get on to a container. */
final class Signals {
    private Signals() {}

    static void forward(Cli cli, String container) {
        for (String name : new String[] {"INT", "TERM", "HUP", "USR2", "CONT", "TSTP"}) {
            try {
                sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> kill(cli, container, name));
            } catch (IllegalArgumentException e) {
                // the virtual machine keeps this one for itself
                continue;
            }
        }
    }

    private static void kill(Cli cli, String container, String name) {
        try {
            Api.send(cli, Request.post(Api.container(container) + "/kill").query("signal", name));
        } catch (IOException e) {
            cli.error("Error sending signal: " + e.getMessage());
        }
    }
}
