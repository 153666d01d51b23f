package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.http.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A line of JSON for every request that changes something or is refused for want of a right. The file is opened anew for each,
 * so that it may be moved away at any time.
 */
final class AuditLog {
    private static final Set<String> READS = Set.of("GET", "HEAD");
    private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();

    AuditLog(Path file) {
        this.file = file;
    }

    /** Notes a request that has been answered. */
    void note(Exchange exchange) throws IOException {
        var request = exchange.request();
        int status = exchange.response().status();
        if (READS.contains(request.method()) && !REFUSED.contains(status)) {
            return;
        }
        var agent = request.header("User-Agent");
        var line = "{\"time\":" + Json.text(Instant.now().toString())
                + ",\"user\":" + Json.text(Access.user(exchange))
                + ",\"address\":" + Json.text(address(request.peer()))
                + ",\"method\":" + Json.text(request.method())
                + ",\"path\":" + Json.text(request.rawPath())
                + ",\"query\":" + Json.text(request.rawQuery())
                + ",\"status\":" + status
                + ",\"agent\":" + Json.text(agent == null ? "" : agent) + "}\n";
        lock.lock();
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } finally {
            lock.unlock();
        }
    }

    /** Where a request comes from, without its port; {@code @} for a process of this machine. */
    static String address(Peer peer) {
        return switch (peer) {
            case Peer.UnixPeer process -> process.toString();
            case Peer.TcpPeer client ->
                client.address().getAddress() == null
                        ? client.address().getHostString()
                        : client.address().getAddress().getHostAddress();
        };
    }
}
