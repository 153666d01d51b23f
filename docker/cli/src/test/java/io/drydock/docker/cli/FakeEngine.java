package io.drydock.docker.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers requests from a table, and echoes what is sent to an attached container as its standard output. */
final class FakeEngine implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final Path socket;
    private volatile String api = "1.41";

    FakeEngine(Path directory) throws IOException {
        socket = directory.resolve("e.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String host() {
        return "unix://" + socket;
    }

    /** {@code route} is a method and a path without version and query; {@code status} e.g. {@code 200 OK}. */
    FakeEngine answer(String route, String status, String json) {
        answers.put(
                route,
                "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json);
        return this;
    }

    /** What it answers to a ping; 1.41 unless set. */
    FakeEngine speaks(String version) {
        api = version;
        return this;
    }

    /** Request lines in the order they came. */
    List<String> requests() {
        return requests;
    }

    /** What came with the requests, in the order they came. */
    List<String> bodies() {
        return bodies;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (ClosedChannelException e) {
            return; // the test is over
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            while (true) {
                String head = head(client);
                if (head.isEmpty()) {
                    return;
                }
                String line = head.substring(0, head.indexOf('\r'));
                requests.add(line);
                if (!respond(client, head, line)) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // the client left
        }
    }

    private boolean respond(SocketChannel client, String head, String line) throws IOException {
        String[] words = line.split(" ");
        String path = words[1].contains("?") ? words[1].substring(0, words[1].indexOf('?')) : words[1];
        String route = words[0] + " " + (path.startsWith("/v1.") ? path.substring(path.indexOf('/', 2)) : path);
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        bodies.add(head.contains("Transfer-Encoding: chunked") ? chunks(client) : read(client, length));
        if (route.equals("HEAD /_ping")) {
            write(client, "HTTP/1.1 200 OK\r\nApi-Version: " + api + "\r\nContent-Length: 0\r\n\r\n");
        } else if (head.contains("Upgrade: tcp")) {
            write(client, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            echo(client);
            return false;
        } else {
            write(
                    client,
                    answers.getOrDefault(
                            route,
                            "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n"
                                    + "{\"message\":\"page not found\"}"));
        }
        return true;
    }

    private static void echo(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (client.read(buffer) >= 0) {
            buffer.flip();
            ByteBuffer header = ByteBuffer.allocate(8).put((byte) 1).putInt(4, buffer.remaining());
            header.position(0);
            client.write(header);
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
            buffer.clear();
        }
        byte[] last = "bye\n".getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(8 + last.length).put((byte) 2).putInt(4, last.length);
        frame.position(8);
        frame.put(last).flip();
        client.write(frame);
    }

    private static String head(SocketChannel client) throws IOException {
        var head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            one.clear();
            if (client.read(one) < 0) {
                return "";
            }
            head.write(one.get(0));
            text = head.toString(StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    private static String read(SocketChannel client, int length) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(length);
        while (body.hasRemaining() && client.read(body) >= 0) {
            continue;
        }
        return new String(body.array(), StandardCharsets.ISO_8859_1);
    }

    private static String chunks(SocketChannel client) throws IOException {
        var all = new StringBuilder();
        while (true) {
            var size = new StringBuilder();
            while (!size.toString().endsWith("\r\n")) {
                size.append(read(client, 1));
            }
            int length = Integer.parseInt(size.toString().strip(), 16);
            all.append(read(client, length));
            read(client, 2);
            if (length == 0) {
                return all.toString();
            }
        }
    }

    private static void write(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
