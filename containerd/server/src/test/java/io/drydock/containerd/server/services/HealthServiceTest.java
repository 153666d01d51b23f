package io.drydock.containerd.server.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.containerd.server.grpc.GrpcServer;
import io.drydock.spec.containerd.health.v1.HealthCheckRequest;
import io.drydock.spec.containerd.health.v1.HealthCheckResponse.ServingStatus;
import io.drydock.spec.containerd.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthServiceTest {
    @Test
    void aWatchIsAnsweredAtOnce(@TempDir Path directory) throws IOException {
        var socket = directory.resolve("h.sock");
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .build();
        try (var server = GrpcServer.serve(new GrpcServer.Offer(
                ServerConfig.DEFAULT.withAddress(socket.toString()), List.of(new HealthService()), List.of()))) {
            var health = HealthGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
            assertThat(health.watch(HealthCheckRequest.getDefaultInstance())
                            .next()
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(health.watch(HealthCheckRequest.newBuilder()
                                    .setService("none")
                                    .build())
                            .next()
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVICE_UNKNOWN);
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
