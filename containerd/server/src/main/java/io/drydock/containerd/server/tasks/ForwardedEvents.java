package io.drydock.containerd.server.tasks;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.rpc.Call;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.RpcService;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.services.events.ttrpc.v1.ForwardRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes the shims' events and puts them on the bus. A shim sends an event again if it died before it could note the
 * answer; an exit that was seen is dropped then, so that each process ends once.
 */
final class ForwardedEvents {
    static final String EXIT = "/tasks/exit";
    private static final int REMEMBERED = 4096;

    private final TaskBackend backend;
    private final Map<Exit, Boolean> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Exit, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    ForwardedEvents(TaskBackend backend) {
        this.backend = backend;
    }

    RpcService service() {
        return RpcService.named("containerd.services.events.ttrpc.v1.Events")
                .unary("Forward", ForwardRequest.parser(), this::forward);
    }

    private Empty forward(Call call, ForwardRequest request) {
        Envelope envelope = request.getEnvelope();
        if (!envelope.getTopic().equals(EXIT) || firstTime(envelope)) {
            backend.publish(envelope.getNamespace(), envelope.getTopic(), envelope.getTimestamp(), envelope.getEvent());
        }
        return Empty.getDefaultInstance();
    }

    private boolean firstTime(Envelope envelope) {
        try {
            TaskExit exit = TaskExit.parseFrom(envelope.getEvent().getValue());
            return firstTime(envelope.getNamespace(), exit);
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "malformed exit event: " + e.getMessage(), e);
        }
    }

    /** Notes an exit; false if it was noted before. */
    boolean firstTime(String namespace, TaskExit exit) {
        Exit key = new Exit(namespace, exit.getContainerId(), exit.getId(), exit.getPid());
        synchronized (seen) {
            return seen.put(key, Boolean.TRUE) == null;
        }
    }

    private record Exit(String namespace, String container, String id, int pid) {}
}
