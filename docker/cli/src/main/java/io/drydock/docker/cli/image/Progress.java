package io.drydock.docker.cli.image;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.JsonLines;
import io.drydock.docker.cli.session.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A stream of progress messages: a line for each, or on a terminal a line for each layer that is written over. */
public final class Progress {
    /** Takes what stands in {@code aux}. */
    public interface Aux {
        void take(@Nullable Object value);
    }

    private static final int WIDTH_OF_NONE = 200;

    private final @Nullable PrintStream out;
    private final boolean terminal;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final IntSupplier width;
    private Aux aux = value -> {};

    /** {@code out} null shows nothing but still fails on errors. */
    public Progress(@Nullable PrintStream out, boolean terminal) {
        this(out, terminal, () -> terminal ? Terminal.size()[1] : WIDTH_OF_NONE);
    }

    Progress(@Nullable PrintStream out, boolean terminal, IntSupplier width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    public Progress withAux(Aux taker) {
        aux = taker;
        return this;
    }

    /**
     * Shows all messages.
     *
     * @throws CliException with the engine's error if one of them says so
     */
    public void show(InputStream body) throws IOException, CliException {
        var messages = new JsonLines(body);
        for (var message = messages.next(); message != null; message = messages.next()) {
            if (message.containsKey("aux")) {
                aux.take(message.get("aux"));
            }
            String error = Json.text(message, "errorDetail", "message");
            if (error.isEmpty()) {
                error = Json.text(message, "error");
            }
            if (!error.isEmpty()) {
                throw new CliException(error);
            }
            PrintStream to = out;
            if (to != null && (message.containsKey("status") || message.containsKey("stream"))) {
                print(to, message);
                to.flush();
            }
        }
    }

    private void print(PrintStream to, Map<String, Object> message) {
        String id = Json.text(message, "id");
        boolean stream = message.containsKey("stream");
        boolean detailed = message.get("progressDetail") instanceof Map<?, ?>;
        String bar = detailed ? ProgressBar.of(Json.map(message.get("progressDetail")), width) : "";
        int up = 0;
        if (id.isEmpty() || !detailed) {
            lines.clear();
        } else if (terminal) {
            Integer line = lines.get(id);
            if (line == null) {
                line = lines.size();
                lines.put(id, line);
                to.print("\n");
            }
            up = lines.size() - line;
            to.print("\u001b[" + up + "A");
        }
        if (!terminal && !bar.isEmpty()) {
            return;
        }
        boolean over = terminal && detailed && !stream;
        to.print((over ? "\u001b[2K\r" : "") + (id.isEmpty() ? "" : id + ": "));
        if (stream) {
            to.print(Json.text(message, "stream"));
        } else {
            to.print(Json.text(message, "status") + (over ? " " + bar + "\r" : "\n"));
        }
        if (up > 0) {
            to.print("\u001b[" + up + "B");
        }
    }
}
