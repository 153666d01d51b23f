package io.drydock.containerd.server;

import com.google.protobuf.Any;
import io.drydock.containerd.server.config.Arguments;
import io.drydock.containerd.server.grpc.LocalCalls;
import io.drydock.spec.containerd.services.events.v1.EventsGrpc;
import io.drydock.spec.containerd.services.events.v1.PublishRequest;
import java.io.IOException;
import java.nio.file.Path;

/** {@code containerd --address SOCKET publish --namespace N --topic T}: publishes the {@code Any} on standard input. */
final class PublishCommand {
    private PublishCommand() {}

    static int run(Arguments arguments) throws IOException {
        var topic = arguments.commandFlag("topic");
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("topic required to publish event: invalid argument");
        }
        var event = Any.parseFrom(System.in);
        var address = arguments.flags().get("address");
        LocalCalls.call(
                address == null ? arguments.config().address() : Path.of(address),
                arguments.commandFlag("namespace"),
                EventsGrpc.getPublishMethod(),
                PublishRequest.newBuilder().setTopic(topic).setEvent(event).build());
        return 0;
    }
}
