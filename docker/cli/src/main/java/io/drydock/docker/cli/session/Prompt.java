package io.drydock.docker.cli.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Questions to the user. One who interrupts the program instead of answering has cancelled the command, which is no error. */
public final class Prompt {
    private final Cli cli;
    private final BufferedReader in;

    public Prompt(Cli cli) {
        this.cli = cli;
        this.in = new BufferedReader(new InputStreamReader(cli.streams().in(), StandardCharsets.UTF_8));
    }

    /** The line that is typed, null at the end of input. */
    public @Nullable String line(String question) throws IOException {
        if (!cli.streams().inTerminal()) {
            return read(question);
        }
        SignalHandler before = onInterrupt(this::cancel);
        try {
            return read(question);
        } finally {
            onInterrupt(before);
        }
    }

    /** The line that is typed at a terminal, which does not show it; null at the end of input. */
    public @Nullable String secret(String question) throws IOException {
        Terminal.echo(false);
        SignalHandler before = onInterrupt(() -> {
            try {
                Terminal.echo(true);
            } catch (IOException e) {
                cli.error(String.valueOf(e.getMessage()));
            }
            cancel();
        });
        try {
            return read(question);
        } finally {
            Terminal.echo(true);
            onInterrupt(before);
            cli.println("");
        }
    }

    private @Nullable String read(String question) throws IOException {
        cli.print(question);
        cli.streams().out().flush();
        return in.readLine();
    }

    private void cancel() {
        cli.println("");
        cli.streams().flush();
        Runtime.getRuntime().halt(0);
    }

    private static SignalHandler onInterrupt(Runnable action) {
        return onInterrupt(signal -> action.run());
    }

    private static SignalHandler onInterrupt(SignalHandler handler) {
        return Signal.handle(new Signal("INT"), handler);
    }
}
