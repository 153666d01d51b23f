package io.drydock.containerd.server.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.server.TestServer;
import io.drydock.spec.containerd.reflection.v1.ServerReflectionGrpc;
import io.drydock.spec.containerd.reflection.v1.ServerReflectionRequest;
import io.drydock.spec.containerd.reflection.v1.ServerReflectionResponse;
import io.drydock.spec.containerd.reflection.v1.ServiceResponse;
import io.drydock.spec.containerd.services.introspection.v1.IntrospectionGrpc;
import io.drydock.spec.containerd.services.introspection.v1.PluginInfoRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerCreateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerGrpc;
import io.drydock.spec.containerd.services.sandbox.v1.StoreCreateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreDeleteRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreGetRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreGrpc;
import io.drydock.spec.containerd.services.sandbox.v1.StoreListRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreUpdateRequest;
import io.drydock.spec.containerd.types.Sandbox;
import io.drydock.testkit.RequiresRoot;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services with few clients, on the wire. */
@RequiresRoot
class SmallServicesTest {
    private final TestServer server = TestServer.start();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel = NettyChannelBuilder.forAddress(
                    new DomainSocketAddress(server.socket().toString()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();

    @AfterEach
    void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        server.close();
    }

    private Channel in(String namespace) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), namespace);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Sandbox.Builder sandbox(String id) {
        return Sandbox.newBuilder()
                .setSandboxId(id)
                .setRuntime(Sandbox.Runtime.newBuilder().setName("io.containerd.runc.v2"))
                .putLabels("a", "1")
                .putExtensions("x", Any.newBuilder().setTypeUrl("one").build());
    }

    @Test
    void sandboxesAreKeptChangedAndFiltered() {
        var store = StoreGrpc.newBlockingStub(in("one"));
        var made = store.create(StoreCreateRequest.newBuilder()
                        .setSandbox(sandbox("s1"))
                        .build())
                .getSandbox();
        assertThat(made.getCreatedAt().getSeconds()).isPositive();
        store.create(StoreCreateRequest.newBuilder()
                .setSandbox(sandbox("s2").putLabels("a", "2"))
                .build());
        assertThatThrownBy(() -> store.create(StoreCreateRequest.newBuilder()
                        .setSandbox(sandbox("s1"))
                        .build()))
                .hasMessageContaining("ALREADY_EXISTS");
        assertThat(store.list(StoreListRequest.newBuilder()
                                .addFilters("labels.a==2")
                                .build())
                        .getListList())
                .extracting(Sandbox::getSandboxId)
                .containsExactly("s2");

        var update = StoreUpdateRequest.newBuilder()
                .setSandbox(sandbox("s1").putLabels("a", "9").putLabels("b", "3"))
                .addFields("labels.b")
                .build();
        assertThat(store.update(update).getSandbox().getLabelsMap())
                .containsEntry("a", "1")
                .containsEntry("b", "3");
        assertThatThrownBy(() ->
                        store.update(update.toBuilder().addFields("created_at").build()))
                .hasMessageContaining("cannot update \"created_at\" field on sandbox \"s1\"");

        assertThat(StoreGrpc.newBlockingStub(in("other"))
                        .list(StoreListRequest.getDefaultInstance())
                        .getListList())
                .isEmpty();
        server.restart();
        assertThat(store.withWaitForReady()
                        .get(StoreGetRequest.newBuilder().setSandboxId("s1").build())
                        .getSandbox()
                        .getLabelsMap())
                .containsEntry("b", "3");
        store.delete(StoreDeleteRequest.newBuilder().setSandboxId("s1").build());
        assertThatThrownBy(() -> store.get(
                        StoreGetRequest.newBuilder().setSandboxId("s1").build()))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void controllersThatAreNotHereAreNotFound() {
        var controller = ControllerGrpc.newBlockingStub(in("one"));
        assertThatThrownBy(() -> controller.create(ControllerCreateRequest.newBuilder()
                        .setSandboxId("s")
                        .setSandboxer("podsandbox")
                        .build()))
                .hasMessageContaining("NOT_FOUND: failed to get sandbox controller by podsandbox");
        assertThatThrownBy(() -> controller.create(ControllerCreateRequest.getDefaultInstance()))
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void thePluginsAreDescribed() {
        var introspection = IntrospectionGrpc.newBlockingStub(channel);
        var gc = introspection.pluginInfo(PluginInfoRequest.newBuilder()
                .setType("io.containerd.gc.v1")
                .setId("scheduler")
                .build());
        assertThat(gc.getPlugin().getExportsMap()).containsEntry("PauseThreshold", "0.02");
        assertThatThrownBy(() -> introspection.pluginInfo(
                        PluginInfoRequest.newBuilder().setType("x").setId("y").build()))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void whatIsServedIsTold() throws Exception {
        var answers = new LinkedBlockingQueue<ServerReflectionResponse>();
        var requests = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failure) {
                answers.add(ServerReflectionResponse.getDefaultInstance());
            }

            @Override
            public void onCompleted() {
                answers.add(ServerReflectionResponse.getDefaultInstance());
            }
        });
        requests.onNext(
                ServerReflectionRequest.newBuilder().setListServices("*").build());
        assertThat(take(answers).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        "containerd.services.tasks.v1.Tasks",
                        "containerd.services.sandbox.v1.Store",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1alpha.ServerReflection");
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("containerd.services.images.v1.Images.Get")
                .build());
        var files = take(answers).getFileDescriptorResponse().getFileDescriptorProtoList().stream()
                .map(bytes -> {
                    try {
                        return FileDescriptorProto.parseFrom(bytes).getName();
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        assertThat(files)
                .contains("containerd/services/images/v1/images.proto", "containerd/types/descriptor.proto")
                .startsWith(
                        List.of("containerd/services/images/v1/images.proto").getFirst());
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileByFilename("missing.proto")
                .build());
        assertThat(take(answers).getErrorResponse().getErrorCode()).isEqualTo(5);
        requests.onCompleted();
        take(answers);
    }

    private static ServerReflectionResponse take(LinkedBlockingQueue<ServerReflectionResponse> answers)
            throws InterruptedException {
        var answer = answers.poll(30, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        return answer;
    }
}
