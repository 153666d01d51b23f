package io.drydock.e2e;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clients that come, ask for something without an end or stop in the middle of a request, read nothing, and go without a word:
 * a few dozen are there at any time until this is closed.
 */
final class HangingClients implements AutoCloseable {
    private static final int AT_ONCE = 24;
    private static final String[] REQUESTS = {
        "",
        "GET /ev",
        "GET /events HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /containers/steady/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /containers/steady/stats HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /containers/steady/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST /containers/steady/attach?stream=1&stdout=1&stdin=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                + "Upgrade: tcp\r\n\r\n",
        "POST /containers/create?name=never HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"Image\"",
        "POST /images/load HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n",
        "GET /containers/steady/export HTTP/1.1\r\nHost: x\r\n\r\n",
    };

    private final Path socket;
    private final Random random = new Random(5);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Exception failure;

    HangingClients(Path socket) {
        this.socket = socket;
        thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
        var there = new ArrayDeque<SocketChannel>();
        try {
            while (!closed.await(25, TimeUnit.MILLISECONDS)) {
                come(there);
                if (there.size() > AT_ONCE) {
                    there.remove().close();
                }
            }
            for (var channel : there) {
                channel.close();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private void come(ArrayDeque<SocketChannel> there) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var text = REQUESTS[random.nextInt(REQUESTS.length)];
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            there.add(channel);
        } catch (IOException e) {
            channel.close(); // the engine is away
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException("there were no clients any more", failure);
        }
    }
}
