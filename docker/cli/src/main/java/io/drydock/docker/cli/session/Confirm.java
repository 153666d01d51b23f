package io.drydock.docker.cli.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Asks before something cannot be undone. */
public final class Confirm {
    private Confirm() {}

    /** Returns if the user says yes; otherwise the command was cancelled. */
    public static void ask(Cli cli, String warning) throws IOException, CliException {
        question(cli, warning + "\nAre you sure you want to continue?");
    }

    /** Asks and returns if the answer is yes; otherwise the command was cancelled. */
    public static void question(Cli cli, String question) throws IOException, CliException {
        cli.print(question + " [y/N] ");
        cli.streams().out().flush();
        String line = new BufferedReader(new InputStreamReader(cli.streams().in(), StandardCharsets.UTF_8)).readLine();
        String answer = line == null ? "" : line.strip().toLowerCase();
        if (!answer.equals("y") && !answer.equals("yes")) {
            throw CliException.silent(0);
        }
    }
}
