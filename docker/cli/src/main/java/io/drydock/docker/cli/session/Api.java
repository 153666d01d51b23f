package io.drydock.docker.cli.session;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Requests that several commands make. */
public final class Api {
    private Api() {}

    public static String path(String kind, String id) {
        return "/" + kind + "/" + Request.escape(id);
    }

    public static String container(String id) {
        return path("containers", id);
    }

    /** Sends a request whose answer does not matter. */
    public static void send(Cli cli, Request request) throws IOException {
        try (Answer answer = cli.engine().send(request)) {
            answer.body().readAllBytes();
        }
    }

    public static Map<String, Object> object(Cli cli, Request request) throws IOException {
        try (Answer answer = cli.engine().send(request)) {
            return Json.map(answer.json());
        }
    }

    public static List<Object> array(Cli cli, Request request) throws IOException {
        try (Answer answer = cli.engine().send(request)) {
            return Json.list(answer.json());
        }
    }

    /** What one command does for each of its arguments. */
    public interface Each {
        void on(String argument) throws IOException, CliException;
    }

    /** Does it for each argument and prints the argument; errors are printed at the end, and make the command fail. */
    public static int each(Cli cli, List<String> arguments, Each each) throws IOException, CliException {
        var errors = new java.util.ArrayList<String>(0);
        for (String argument : arguments) {
            try {
                each.on(argument);
                cli.println(argument);
            } catch (io.drydock.docker.cli.http.EngineException e) {
                errors.add("Error response from daemon: " + e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }

    /** Prints what the engine warns of. */
    public static void warnings(Cli cli, Map<String, Object> answer) {
        for (Object warning : Json.list(answer.get("Warnings"))) {
            cli.error("WARNING: " + warning);
        }
    }
}
