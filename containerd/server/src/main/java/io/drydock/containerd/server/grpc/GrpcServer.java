package io.drydock.containerd.server.grpc;

import io.drydock.containerd.server.config.ServerConfig;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** gRPC on a unix socket and, if wanted, on TCP. Each call's handler runs on a virtual thread and may block. */
public final class GrpcServer implements AutoCloseable {
    private final Path socket;
    private final EventLoopGroup loop;
    private final ExecutorService calls;
    private final List<Server> servers;

    private GrpcServer(Path socket, EventLoopGroup loop, ExecutorService calls, List<Server> servers) {
        this.socket = socket;
        this.loop = loop;
        this.calls = calls;
        this.servers = servers;
    }

    /**
     * What is served, and where.
     *
     * @param interceptors the last one sees a call first
     */
    public record Offer(ServerConfig config, List<BindableService> services, List<ServerInterceptor> interceptors) {}

    /**
     * Binds and serves. A socket left by a dead server must have been removed.
     *
     * @throws IOException if the path or port is taken or cannot be bound, or a certificate not be read
     */
    public static GrpcServer serve(Offer offer) throws IOException {
        var config = offer.config();
        var loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("grpc", true), EpollIoHandler.newFactory());
        var calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("call").factory());
        var servers = new ArrayList<Server>();
        var grpc = new GrpcServer(config.address(), loop, calls, servers);
        boolean serving = false;
        try {
            var unix = NettyServerBuilder.forAddress(
                            new DomainSocketAddress(config.address().toString()))
                    .channelType(EpollServerDomainSocketChannel.class);
            servers.add(grpc.start(unix, offer));
            Files.setPosixFilePermissions(config.address(), PosixFilePermissions.fromString("rw-rw----"));
            var owner = config.grpc();
            if (owner.uid() != 0 || owner.gid() != 0) {
                Files.setAttribute(config.address(), "unix:uid", owner.uid());
                Files.setAttribute(config.address(), "unix:gid", owner.gid());
            }
            var tcp = config.tcp();
            if (tcp != null) {
                servers.add(grpc.start(overTcp(tcp), offer));
            }
            serving = true;
            return grpc;
        } finally {
            if (!serving) {
                grpc.close();
            }
        }
    }

    private static NettyServerBuilder overTcp(ServerConfig.Tcp tcp) throws IOException {
        var builder = NettyServerBuilder.forAddress(TcpAddress.parse(tcp.address()))
                .channelType(EpollServerSocketChannel.class);
        if (tcp.certificate() != null && tcp.key() != null) {
            var tls = GrpcSslContexts.forServer(
                    tcp.certificate().toFile(), tcp.key().toFile());
            if (tcp.authority() != null) {
                tls.trustManager(tcp.authority().toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            builder.sslContext(tls.build());
        }
        return builder;
    }

    private Server start(NettyServerBuilder builder, Offer offer) throws IOException {
        builder.bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(calls)
                .maxInboundMessageSize(offer.config().maxReceivedMessage())
                .permitKeepAliveWithoutCalls(true)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .intercept(new SendLimit(offer.config().maxSentMessage()))
                .intercept(Scope.interceptor());
        offer.interceptors().forEach(builder::intercept);
        offer.services().forEach(builder::addService);
        return builder.build().start();
    }

    /** The ports of what listens on TCP. */
    public List<Integer> ports() {
        return servers.stream().map(Server::getPort).filter(port -> port > 0).toList();
    }

    /** Waits a little for calls under way, then ends them. */
    @Override
    public void close() {
        servers.forEach(Server::shutdown);
        try {
            for (var server : servers) {
                if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                    server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
                }
            }
            Files.deleteIfExists(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // a stale socket is removed by the next start
        }
        calls.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
