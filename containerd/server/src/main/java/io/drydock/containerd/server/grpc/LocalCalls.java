package io.drydock.containerd.server.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One call to a containerd that runs: for the commands of our program that are clients of it. */
public final class LocalCalls {
    private static final long SECONDS = 10;

    private LocalCalls() {}

    /** @throws IOException with the server's words */
    public static <Q, R> R call(Path socket, String namespace, MethodDescriptor<Q, R> method, Q request)
            throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("grpc-client", true), EpollIoHandler.newFactory());
        var channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        var headers = new Metadata();
        headers.put(Scope.NAMESPACE_HEADER, namespace);
        try {
            return ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            var text = e.getStatus().getDescription();
            throw new IOException(text == null ? e.getStatus().getCode().name() : text, e);
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
