package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.nio.file.Path;
import java.util.List;

/** A Docker client that talks to one engine: ours or the original. */
record Docker(String kind, Path program, String host) {

    static Docker ours(String host) {
        return new Docker("ours", Programs.ours("docker"), host);
    }

    static Docker original(String host) {
        return new Docker("original", Programs.original("docker"), host);
    }

    /** Both clients, for tests that every client must pass. */
    static List<Docker> both(String host) {
        return List.of(original(host), ours(host));
    }

    Command command(String... words) {
        return Command.of(program.toString()).with("-H", host).with(words).withVariable("DOCKER_HOST", null);
    }

    Command.Result run(String... words) {
        return command(words).run();
    }

    /** Runs the command, which must end well, and answers what it wrote without the line's end. */
    String text(String... words) {
        return run(words).ok().text();
    }

    @Override
    public String toString() {
        return kind + " client";
    }
}
