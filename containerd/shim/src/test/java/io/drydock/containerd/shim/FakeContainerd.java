package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.drydock.rpc.RpcService;
import io.drydock.rpc.TtrpcServer;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.services.events.ttrpc.v1.ForwardRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The part of containerd that takes a shim's events. */
final class FakeContainerd implements AutoCloseable {
    private final BlockingQueue<Envelope> events = new LinkedBlockingQueue<>();
    private final TtrpcServer server;

    FakeContainerd(Path socket) throws IOException {
        server = TtrpcServer.serve(
                socket,
                List.of(RpcService.named("containerd.services.events.ttrpc.v1.Events")
                        .unary("Forward", ForwardRequest.parser(), (call, request) -> {
                            events.add(request.getEnvelope());
                            return Empty.getDefaultInstance();
                        })));
    }

    Envelope next() throws InterruptedException {
        Envelope event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event within its time").isNotNull();
        return event;
    }

    /** The topics of the next events. */
    void expect(String... topics) throws InterruptedException {
        for (String topic : topics) {
            assertThat(next().getTopic()).isEqualTo(topic);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
