package io.drydock.docker.cli.session;

import java.io.IOException;

/** Asks before something cannot be undone. */
public final class Confirm {
    private Confirm() {}

    /** Returns if the user says yes; otherwise the command was cancelled. */
    public static void ask(Cli cli, String warning) throws IOException, CliException {
        question(cli, warning + "\nAre you sure you want to continue?");
    }

    /** Asks and returns if the answer is yes; otherwise the command was cancelled. */
    public static void question(Cli cli, String question) throws IOException, CliException {
        String answer = new Prompt(cli).line(question + " [y/N] ");
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw CliException.silent(0);
        }
    }
}
