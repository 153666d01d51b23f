package io.drydock.docker.cli;

import io.drydock.docker.cli.session.Streams;
import java.util.List;

/** The program {@code docker}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Streams streams = Streams.ofProcess();
        int status = new Docker(System.getenv(), streams).run(List.of(arguments));
        streams.flush();
        // not exit: nothing is left to do, and a thread may be blocked reading standard input
        Runtime.getRuntime().halt(status);
    }
}
