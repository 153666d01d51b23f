package io.drydock.rpc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves services on a unix socket of mode 0600, to peers of the same user and group only. Every connection has a
 * platform thread that reads it: there are few, and a request then wakes one thread instead of two.
 */
public final class TtrpcServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TtrpcServer.class);
    private static final long READER_STACK = 128 << 10;

    private final Path path;
    private final ServerSocketChannel listener;
    private final Map<String, Map<String, RpcService.Method>> services = new HashMap<>();
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final PeerCredentials own;

    private TtrpcServer(Path path, ServerSocketChannel listener, List<RpcService> offered) throws IOException {
        this.path = path;
        this.listener = listener;
        this.own = PeerCredentials.own();
        offered.forEach(service -> services.put(service.name(), service.methods()));
    }

    /**
     * Binds and serves until closed. A socket left by a dead server must be removed by the caller, who knows whether it
     * is dead.
     *
     * @param path at most 107 bytes, as the kernel wants
     * @throws IOException if the path is taken or cannot be bound
     */
    public static TtrpcServer serve(Path path, List<RpcService> services) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(path), 128);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            TtrpcServer server = new TtrpcServer(path, listener, services);
            Thread.ofPlatform().name("ttrpc-accept").daemon().start(server::accept);
            return server;
        } catch (IOException e) {
            listener.close();
            throw new IOException("serve " + path + ": " + e.getMessage(), e);
        }
    }

    RpcService.Method method(String service, String method) {
        Map<String, RpcService.Method> methods = services.get(service);
        if (methods == null) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, "service " + service);
        }
        RpcService.Method found = methods.get(method);
        if (found == null) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, "method " + method);
        }
        return found;
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel socket = listener.accept();
                if (own.match(socket)) {
                    serve(socket);
                } else {
                    log.warn("ttrpc: refused a peer of another user on {}", path);
                    socket.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // One connection that broke before it began; too many open files also ends here and passes.
                log.warn("ttrpc: accept on {}: {}", path, e.getMessage());
            }
        }
    }

    private void serve(SocketChannel socket) {
        ServerConnection connection = new ServerConnection(this, new FrameChannel(socket));
        connections.add(connection);
        Thread.ofPlatform()
                .name("ttrpc-server")
                .daemon()
                .stackSize(READER_STACK)
                .start(() -> {
                    try (connection) {
                        connection.run();
                    } finally {
                        connections.remove(connection);
                    }
                });
    }

    /** Stops listening, removes the socket and closes every connection; calls under way are cancelled. */
    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn("ttrpc: close {}: {}", path, e.getMessage());
        }
        connections.forEach(ServerConnection::close);
    }
}
