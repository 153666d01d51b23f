package io.drydock.docker.cli.session;

import io.drydock.docker.cli.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The programs {@code docker-credential-NAME}, which keep passwords somewhere safer than a file. */
final class CredentialHelper {
    private CredentialHelper() {}

    static Map<String, Object> get(String helper, String server) throws IOException, CliException {
        String out;
        try {
            out = call(helper, "get", server);
        } catch (CliException e) {
            if (String.valueOf(e.getMessage()).contains("credentials not found")) {
                return Map.of();
            }
            throw e;
        }
        Map<String, Object> found = Json.map(Json.parse(out));
        var auth = new LinkedHashMap<String, Object>();
        if (Json.text(found, "Username").equals("<token>")) {
            auth.put("identitytoken", Json.text(found, "Secret"));
        } else {
            auth.put("username", Json.text(found, "Username"));
            auth.put("password", Json.text(found, "Secret"));
        }
        auth.put("serveraddress", server);
        return auth;
    }

    static void store(String helper, String server, String user, String secret) throws IOException, CliException {
        var all = new LinkedHashMap<String, Object>();
        all.put("ServerURL", server);
        all.put("Username", user);
        all.put("Secret", secret);
        call(helper, "store", Json.write(all));
    }

    static void erase(String helper, String server) throws IOException, CliException {
        call(helper, "erase", server);
    }

    /** The registries it knows. */
    static java.util.Set<String> list(String helper) throws IOException, CliException {
        return Json.map(Json.parse(call(helper, "list", "unused"))).keySet();
    }

    private static String call(String helper, String verb, String input) throws IOException, CliException {
        String program = "docker-credential-" + helper;
        Process process;
        try {
            process = new ProcessBuilder(program, verb)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new CliException("error getting credentials - err: exec: \"" + program
                    + "\": executable file not found in $PATH, out: ``");
        }
        feed(process, input);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new CliException("error " + (verb.equals("get") ? "getting" : "saving")
                        + " credentials - err: exit status " + process.exitValue() + ", out: `" + out + "`");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return out;
    }

    /** A helper that knows the answer need not read the question: what counts is how it ends. */
    private static void feed(Process process, String input) {
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // it has ended
        }
    }
}
