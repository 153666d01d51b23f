package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Hijacked;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Our standard streams joined to those of a container or exec over a hijacked connection.
 *
 * <p>Input is copied on its own daemon thread; {@link #copyOutput} runs on the caller's.
 */
final class Attachment implements AutoCloseable {
    private final Cli cli;
    private final Hijacked connection;
    private final boolean tty;
    private final @Nullable Terminal terminal;
    private final @Nullable DetachKeys keys;
    private final CountDownLatch detached = new CountDownLatch(1);

    /** {@code stdin} says whether our input is sent; a terminal on it is made raw if the container has one too. */
    Attachment(Cli cli, Hijacked connection, boolean tty, boolean stdin, byte[] detachKeys) throws IOException {
        this.cli = cli;
        this.connection = connection;
        this.tty = tty;
        boolean raw = stdin && tty && cli.streams().inTerminal();
        this.terminal = raw ? Terminal.raw() : null;
        this.keys = raw ? new DetachKeys(cli.streams().in(), detachKeys) : null;
        if (stdin) {
            start("input", this::copyInput);
        }
    }

    static Thread start(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }

    private void copyInput() {
        InputStream in = keys == null ? cli.streams().in() : keys;
        byte[] buffer = new byte[32768];
        try {
            OutputStream out = connection.output();
            for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, n);
            }
            if (keys != null && keys.detached()) {
                detached.countDown();
                connection.close();
                return;
            }
            connection.closeOutput();
        } catch (IOException e) {
            // the container closed its input, or ended: whoever copies the output sees how
            cli.streams().err().flush();
        }
    }

    /** Copies output until the container closes it or the detach keys were typed. */
    void copyOutput() throws IOException, CliException {
        try {
            if (tty) {
                Frames.copyRaw(connection.input(), cli.streams().out());
            } else {
                Frames.copy(
                        connection.input(), cli.streams().out(), cli.streams().err());
            }
        } catch (IOException e) {
            if (!detached()) {
                throw e;
            }
        } finally {
            restore();
        }
    }

    boolean detached() {
        return keys != null && (keys.detached() || detached.getCount() == 0);
    }

    void restore() throws IOException {
        if (terminal != null) {
            terminal.close();
        }
    }

    @Override
    public void close() throws IOException {
        restore();
        connection.close();
    }

    /** Tells the engine the size of our terminal, now and whenever it changes. */
    static void followSize(Cli cli, String path) {
        Runnable tell = () -> resize(cli, path);
        sun.misc.Signal.handle(new sun.misc.Signal("WINCH"), signal -> tell.run());
        tell.run();
    }

    private static void resize(Cli cli, String path) {
        int[] size = Terminal.size();
        if (size[0] == 0 && size[1] == 0) {
            return;
        }
        try {
            Api.send(
                    cli, Request.post(path + "/resize").query("h", size[0] + "").query("w", size[1] + ""));
        } catch (IOException e) {
            // the process may not have started yet or have ended; the next change of size tells again
            cli.streams().err().flush();
        }
    }
}
