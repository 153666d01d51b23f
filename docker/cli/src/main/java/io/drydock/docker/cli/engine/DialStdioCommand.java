package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.http.Connection;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** {@code docker system dial-stdio}: standard input and output become a connection to the engine, for clients behind ssh. */
public final class DialStdioCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.NONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException {
        try (Connection engine = cli.engine().connect()) {
            Thread.ofPlatform().daemon().start(() -> send(cli.streams().in(), engine));
            copy(engine.input(), cli.streams().out());
        }
        return 0;
    }

    private static void send(InputStream in, Connection engine) {
        try {
            copy(in, engine.output());
            engine.closeOutput();
        } catch (IOException e) {
            return; // the engine has left, which the other direction sees
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[32768];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }
}
