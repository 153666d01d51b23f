package io.drydock.docker.cli;

import io.drydock.docker.cli.session.Streams;
import java.util.List;

/** The program {@code docker}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int status = run(List.of(arguments));
        // not exit: nothing is left to do, and a thread may be blocked reading standard input
        Runtime.getRuntime().halt(status);
    }

    /** One command line on the streams and with the environment of this process. */
    static int run(List<String> words) {
        Streams streams = Streams.ofProcess();
        int status = new Docker(System.getenv(), streams).run(words);
        streams.flush();
        return status;
    }
}
