package io.drydock.containerd.client;

import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one gRPC channel to a containerd, with its event loop thread. Calls wait while containerd restarts, up to their
 * deadline; the channel tries again every tenth of a second instead of gRPC's growing pauses, since the socket is local.
 */
final class Connection implements AutoCloseable {
    static final Duration SHORT = Duration.ofSeconds(30);

    private static final int MAX_MESSAGE = 16 << 20;
    private static final long RETRY_MILLIS = 100;
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> LEASE =
            Metadata.Key.of("containerd-lease", Metadata.ASCII_STRING_MARSHALLER);

    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    Connection(Path socket) {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("containerd-client", true), EpollIoHandler.newFactory());
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop)
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE)
                .disableRetry()
                .build();
        watch();
    }

    private void watch() {
        ConnectivityState state = channel.getState(false);
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
            loop.schedule(channel::resetConnectBackoff, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (state != ConnectivityState.SHUTDOWN) {
            channel.notifyWhenStateChanged(state, this::watch);
        }
    }

    Channel channel(String namespace, @Nullable String lease) {
        return ClientInterceptors.intercept(channel, new Headers(namespace, lease));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /**
     * One unary call on the calling thread.
     *
     * @param timeout null to wait for ever
     * @throws ContainerdException containerd's error
     */
    static <Q, R> R call(Channel channel, MethodDescriptor<Q, R> method, Q request, @Nullable Duration timeout) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady();
        if (timeout != null) {
            options = options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        try {
            return ClientCalls.blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException e) {
            throw ContainerdException.of(e);
        }
    }

    /** A call that answers with any number of messages; the iterator throws {@link ContainerdException}. */
    static <Q, R> Iterator<R> stream(Channel channel, MethodDescriptor<Q, R> method, Q request) {
        Iterator<R> answers = ClientCalls.blockingServerStreamingCall(
                channel, method, CallOptions.DEFAULT.withWaitForReady(), request);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                try {
                    return answers.hasNext();
                } catch (StatusRuntimeException e) {
                    throw ContainerdException.of(e);
                }
            }

            @Override
            public R next() {
                try {
                    return answers.next();
                } catch (StatusRuntimeException e) {
                    throw ContainerdException.of(e);
                }
            }
        };
    }

    /** A call in which both sides send any number of messages. */
    static <Q, R> BlockingClientCall<Q, R> bidi(Channel channel, MethodDescriptor<Q, R> method) {
        return ClientCalls.blockingBidiStreamingCall(channel, method, CallOptions.DEFAULT.withWaitForReady());
    }

    /** Sends one message on a call and waits for the answer to it. */
    static <Q, R> R exchange(BlockingClientCall<Q, R> call, Q request) {
        try {
            call.write(request);
            R answer = call.read();
            if (answer == null) {
                throw new ContainerdException(
                        ContainerdException.Kind.INTERNAL, "the call ended without an answer", null);
            }
            return answer;
        } catch (StatusException e) {
            throw ContainerdException.of(e.getStatus(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerdException(ContainerdException.Kind.CANCELLED, "interrupted", e);
        }
    }

    /** Says that there is nothing more to send, and waits until the server has ended the call too. */
    static <Q, R> void finish(BlockingClientCall<Q, R> call) {
        try {
            call.halfClose();
            while (call.read(SHORT.toSeconds(), TimeUnit.SECONDS) != null) {
                // an answer that nobody asked for
            }
        } catch (StatusException | TimeoutException e) {
            call.cancel("done", e); // ended all the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel("interrupted", e);
        }
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /** Says in every call which namespace and lease it is about. */
    private record Headers(String namespace, @Nullable String lease) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    headers.put(NAMESPACE, namespace);
                    if (lease != null) {
                        headers.put(LEASE, lease);
                    }
                    super.start(listener, headers);
                }
            };
        }
    }
}
