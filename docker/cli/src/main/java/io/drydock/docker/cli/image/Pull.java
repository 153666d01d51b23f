package io.drydock.docker.cli.image;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Credentials;
import java.io.IOException;
import java.io.PrintStream;

/** Pulls one image. */
public final class Pull {
    private Pull() {}

    /** The name as users write it, with its tag. */
    public static String familiar(String image) throws CliException {
        Reference reference = Reference.parse(image);
        String name = reference.familiarName();
        return reference.digest().isEmpty()
                ? name + ":" + reference.tagOrLatest()
                : name + (reference.tag().isEmpty() ? "" : ":" + reference.tag()) + "@" + reference.digest();
    }

    /** Progress is written to {@code out}, nothing if {@code quiet}. */
    public static void image(Cli cli, String image, String platform, boolean quiet, PrintStream out)
            throws IOException, CliException {
        Reference reference = Reference.parse(image);
        Request request = Request.post("/images/create")
                .query("fromImage", reference.familiarName())
                .queryIf(!platform.isEmpty(), "platform", platform)
                .query("tag", reference.tagOrDigest())
                .header("X-Registry-Auth", Credentials.header(cli, reference.registry()));
        try (Answer answer = cli.engine().send(request)) {
            boolean terminal = out == cli.streams().err()
                    ? cli.streams().errTerminal()
                    : cli.streams().outTerminal();
            new Progress(quiet ? null : out, terminal).show(answer.body());
        }
    }
}
