package io.drydock.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An engine's plugin on a unix socket: answers what a test has told it to, and remembers what it was asked. */
public final class FakePlugin implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel server;
    private final Map<String, UnaryOperator<String>> answers = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private FakePlugin(Path socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
    }

    /**
     * Opens a plugin.
     *
     * @param purposes the interfaces it says it has
     */
    public static FakePlugin open(Path socket, String... purposes) {
        try {
            Files.createDirectories(socket.getParent());
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            var plugin = new FakePlugin(socket, server);
            plugin.answer("Plugin.Activate", "{\"Implements\":[\"" + String.join("\",\"", purposes) + "\"]}");
            Thread.ofVirtual().name("plugin").start(plugin::serve);
            return plugin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers a method with that JSON from now on. */
    public FakePlugin answer(String method, String json) {
        return answer(method, body -> json);
    }

    /** Answers a method with what becomes of the request's body. An answer beginning with a number is a status. */
    public FakePlugin answer(String method, UnaryOperator<String> answer) {
        answers.put(method, answer);
        return this;
    }

    /** Calls until now: the method, a space, and the body. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private void serve() {
        while (true) {
            try {
                var connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                var in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8))) {
            String method = in.readLine().split(" ")[1].substring(1);
            int length = 0;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            var body = new StringBuilder();
            while (body.toString().getBytes(StandardCharsets.UTF_8).length < length) {
                body.append((char) in.read());
            }
            String text = body.toString().strip();
            calls.add(method + " " + text);
            send(
                    connection,
                    answers.getOrDefault(method, ignored -> "404 no such method")
                            .apply(text));
        } catch (IOException e) {
            return; // the engine has lost its patience
        }
    }

    private static void send(SocketChannel connection, String answer) throws IOException {
        boolean refused = Character.isDigit(answer.charAt(0));
        String status = refused ? answer.substring(0, 3) : "200";
        String body = refused ? answer.substring(4) : answer;
        String text = "HTTP/1.1 " + status + " X\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + body + "\r\n0\r\n\r\n";
        connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
