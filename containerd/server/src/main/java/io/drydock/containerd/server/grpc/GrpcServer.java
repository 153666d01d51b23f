package io.drydock.containerd.server.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** gRPC on a unix socket. Each call's handler runs on a virtual thread and may block. */
public final class GrpcServer implements AutoCloseable {
    private static final int MAX_MESSAGE = 16 << 20;

    private final Path socket;
    private final EventLoopGroup loop;
    private final ExecutorService calls;
    private final Server server;

    private GrpcServer(Path socket, EventLoopGroup loop, ExecutorService calls, Server server) {
        this.socket = socket;
        this.loop = loop;
        this.calls = calls;
        this.server = server;
    }

    /**
     * Binds and serves. A socket left by a dead server must have been removed.
     *
     * @throws IOException if the path is taken or cannot be bound
     */
    public static GrpcServer serve(Path socket, List<BindableService> services) throws IOException {
        var loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("grpc", true), EpollIoHandler.newFactory());
        var calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("call").factory());
        var builder = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(calls)
                .maxInboundMessageSize(MAX_MESSAGE)
                .permitKeepAliveWithoutCalls(true)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .intercept(Scope.interceptor());
        services.forEach(builder::addService);
        var server = builder.build().start();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        return new GrpcServer(socket, loop, calls, server);
    }

    /** Waits a little for calls under way, then ends them. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
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
