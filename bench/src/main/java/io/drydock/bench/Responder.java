package io.drydock.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A web server that costs next to nothing: whatever it is asked, it answers the same and closes the connection. */
final class Responder {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private Responder() {}

    /** Arguments: the port. Runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        try (var selector = Selector.open();
                var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])), 1024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            var request = ByteBuffer.allocateDirect(4096);
            while (true) {
                selector.select(key -> {
                    try {
                        if (key.isAcceptable()) {
                            accept(server, selector);
                        } else {
                            answer((SocketChannel) key.channel(), request.clear());
                        }
                    } catch (IOException e) {
                        key.cancel(); // the caller went away
                    }
                });
            }
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        for (var caller = server.accept(); caller != null; caller = server.accept()) {
            caller.configureBlocking(false);
            caller.register(selector, SelectionKey.OP_READ);
        }
    }

    private static void answer(SocketChannel caller, ByteBuffer request) throws IOException {
        try (caller) {
            if (caller.read(request) > 0) {
                caller.write(ByteBuffer.wrap(ANSWER));
            }
        }
    }
}
