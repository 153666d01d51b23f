package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.JsonLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream of progress messages: a line for each, or on a terminal a line for each layer that is written over. */
public final class Progress {
    /** Takes what stands in {@code aux}. */
    public interface Aux {
        void take(@Nullable Object value);
    }

    private final @Nullable PrintStream out;
    private final boolean terminal;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private Aux aux = value -> {};

    /** {@code out} null shows nothing but still fails on errors. */
    public Progress(@Nullable PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
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
        if (message.containsKey("stream")) {
            to.print(Json.text(message, "stream"));
            return;
        }
        boolean progress = !Json.map(message.get("progressDetail")).isEmpty();
        if (!terminal) {
            if (!progress) {
                to.print((id.isEmpty() ? "" : id + ": ") + Json.text(message, "status") + "\n");
            }
            return;
        }
        int up = 0;
        if (!id.isEmpty()) {
            Integer line = lines.get(id);
            if (line == null) {
                lines.put(id, lines.size());
                to.print("\n");
                up = 1;
            } else {
                up = lines.size() - line;
            }
            to.print("\u001b[" + up + "A\u001b[2K\r" + id + ": ");
        } else {
            lines.clear();
        }
        to.print(Json.text(message, "status"));
        if (progress) {
            to.print(" " + bar(Json.map(message.get("progressDetail"))));
        }
        if (id.isEmpty()) {
            to.print("\n");
        } else {
            to.print("\r\u001b[" + up + "B");
        }
    }

    private static String bar(Map<String, Object> detail) {
        long current = Json.number(detail, "current");
        long total = Json.number(detail, "total");
        if (current <= 0 && total <= 0) {
            return "";
        }
        if (total <= 0) {
            return Units.size(current);
        }
        int filled = (int) Math.min(50, current * 50 / total);
        String left = filled == 50 ? "=".repeat(50) : "=".repeat(filled) + ">";
        return "[" + left + " ".repeat(Math.max(0, 50 - left.length())) + "]  " + Units.size(current) + "/"
                + Units.size(total);
    }
}
