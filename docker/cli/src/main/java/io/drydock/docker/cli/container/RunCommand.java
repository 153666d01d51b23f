package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.ConnectException;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Hijacked;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code docker run}: create, attach, wait, start, and then the container's streams are ours. */
public final class RunCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.atLeast(1);
    }

    @Override
    public boolean flagsFirst() {
        return true;
    }

    @Override
    public void prepare(FlagSet flags) {
        CreateOptions.prepare(flags);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        boolean detach = flags.bool("detach");
        Map<String, Object> body;
        String id;
        if (detach && flags.changed("attach")) {
            throw new CliException("conflicting options: cannot specify both --attach and --detach");
        }
        try {
            body = CreateOptions.body(flags, arguments, cli.environment(), detach);
            if (!detach
                    && Json.bool(body, "AttachStdin")
                    && Json.bool(body, "Tty")
                    && !cli.streams().inTerminal()) {
                return plain(cli, "the input device is not a TTY");
            }
            id = Creation.create(cli, flags, body);
        } catch (CliException | EngineException | ConnectException e) {
            throw new CliException(withHelp(e), 125);
        }
        if (detach) {
            start(cli, id);
            cli.println(id);
            return 0;
        }
        return attached(cli, flags, body, id);
    }

    private static int plain(Cli cli, String message) {
        cli.error(message);
        return 1;
    }

    private static int attached(Cli cli, FlagSet flags, Map<String, Object> body, String id)
            throws IOException, CliException {
        boolean tty = Json.bool(body, "Tty");
        boolean stdin = Json.bool(body, "AttachStdin");
        byte[] keys = DetachKeys.parse(detachKeys(cli, flags));
        if (flags.bool("sig-proxy") && !tty) {
            Signals.forward(cli, id);
        }
        if (!stdin && !Json.bool(body, "AttachStdout") && !Json.bool(body, "AttachStderr")) {
            cli.println(id);
            start(cli, id);
            return 0;
        }
        Hijacked hijacked = cli.engine()
                .hijack(attachRequest(
                        id,
                        detachKeys(cli, flags),
                        stdin,
                        Json.bool(body, "AttachStdout"),
                        Json.bool(body, "AttachStderr")));
        try (var attachment = new Attachment(cli, hijacked, tty, stdin, keys)) {
            var wait = new ExitWait(cli, id, flags.bool("rm") ? "removed" : "next-exit");
            try {
                start(cli, id);
            } catch (CliException e) {
                attachment.close();
                if (flags.bool("rm")) {
                    wait.join();
                }
                throw e;
            }
            if (tty && cli.streams().outTerminal()) {
                Attachment.followSize(cli, Api.container(id));
            }
            attachment.copyOutput();
            if (attachment.detached()) {
                return 0;
            }
            return wait.join();
        }
    }

    static Request attachRequest(String id, String keys, boolean stdin, boolean stdout, boolean stderr) {
        return Request.post(Api.container(id) + "/attach")
                .queryIf(!keys.isEmpty(), "detachKeys", keys)
                .queryIf(stderr, "stderr", "1")
                .queryIf(stdin, "stdin", "1")
                .queryIf(stdout, "stdout", "1")
                .query("stream", "1");
    }

    static String detachKeys(Cli cli, FlagSet flags) throws IOException {
        return flags.changed("detach-keys")
                ? flags.text("detach-keys")
                : cli.config().text("detachKeys");
    }

    private static void start(Cli cli, String id) throws IOException, CliException {
        try {
            Api.send(cli, Request.post(Api.container(id) + "/start"));
        } catch (EngineException e) {
            throw new CliException(withHelp(e), startStatus(String.valueOf(e.getMessage())));
        }
    }

    /** What a shell would answer for a program that is not there or cannot be run. */
    static int startStatus(String message) {
        if (message.contains("executable file not found")
                || message.contains("no such file or directory")
                || message.contains("system cannot find the file specified")) {
            return 127;
        }
        return message.contains("permission denied") || message.contains("is a directory") ? 126 : 125;
    }

    private static String withHelp(Exception e) {
        return "docker: " + describe(e) + "\n\nRun 'docker run --help' for more information";
    }

    static @Nullable String describe(Exception e) {
        return e instanceof EngineException ? "Error response from daemon: " + e.getMessage() : e.getMessage();
    }
}
