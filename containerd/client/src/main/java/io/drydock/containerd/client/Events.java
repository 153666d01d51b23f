package io.drydock.containerd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.drydock.spec.containerd.events.TaskCreate;
import io.drydock.spec.containerd.events.TaskDelete;
import io.drydock.spec.containerd.events.TaskExecAdded;
import io.drydock.spec.containerd.events.TaskExecStarted;
import io.drydock.spec.containerd.events.TaskExit;
import io.drydock.spec.containerd.events.TaskOOM;
import io.drydock.spec.containerd.events.TaskPaused;
import io.drydock.spec.containerd.events.TaskResumed;
import io.drydock.spec.containerd.events.TaskStart;
import io.drydock.spec.containerd.services.events.v1.EventsGrpc;
import io.drydock.spec.containerd.services.events.v1.SubscribeRequest;
import io.drydock.spec.containerd.types.Envelope;
import io.grpc.Channel;
import java.util.List;
import java.util.function.Consumer;

/** What happens in containerd. */
public final class Events {

    private final Channel channel;
    private final String namespace;

    Events(Channel channel, String namespace) {
        this.channel = channel;
        this.namespace = namespace;
    }

    /**
     * Follows how the processes of the client's namespace end, until closed, across restarts of containerd: after each
     * connection there is a {@link ContainerdEvent.Subscribed}, then each {@link ContainerdEvent.TaskExit} and
     * {@link ContainerdEvent.TaskOom}. The receiver is called on one virtual thread, in order; it may block, which delays
     * the events behind.
     */
    public Subscription subscribeEnds(Consumer<ContainerdEvent> receiver) {
        return subscribe(List.of(topic("/tasks/exit"), topic("/tasks/oom")), receiver);
    }

    private String topic(String topic) {
        return "namespace==" + namespace + ",topic==\"" + topic + "\"";
    }

    /** As {@link #subscribeEnds}, for filters in containerd's language; an event passes if any filter lets it. */
    public Subscription subscribe(List<String> filters, Consumer<ContainerdEvent> receiver) {
        SubscribeRequest request =
                SubscribeRequest.newBuilder().addAllFilters(filters).build();
        Subscription subscription = new Subscription(channel, EventsGrpc.getSubscribeMethod(), request, receiver);
        subscription.start();
        return subscription;
    }

    static ContainerdEvent event(Envelope envelope) throws InvalidProtocolBufferException {
        var at = Connection.instant(envelope.getTimestamp());
        ByteString payload = envelope.getEvent().getValue();
        return switch (envelope.getTopic()) {
            case "/tasks/create" -> {
                TaskCreate event = TaskCreate.parseFrom(payload);
                yield new ContainerdEvent.TaskCreate(at, event.getContainerId(), event.getPid());
            }
            case "/tasks/start" -> {
                TaskStart event = TaskStart.parseFrom(payload);
                yield new ContainerdEvent.TaskStart(at, event.getContainerId(), event.getPid());
            }
            case "/tasks/exit" -> {
                TaskExit event = TaskExit.parseFrom(payload);
                yield new ContainerdEvent.TaskExit(
                        at,
                        event.getContainerId(),
                        event.getId(),
                        exit(event.getPid(), event.getExitStatus(), event.getExitedAt()));
            }
            case "/tasks/delete" -> {
                TaskDelete event = TaskDelete.parseFrom(payload);
                yield new ContainerdEvent.TaskDelete(
                        at,
                        event.getContainerId(),
                        event.getId(),
                        exit(event.getPid(), event.getExitStatus(), event.getExitedAt()));
            }
            case "/tasks/oom" ->
                new ContainerdEvent.TaskOom(at, TaskOOM.parseFrom(payload).getContainerId());
            case "/tasks/exec-added" -> {
                TaskExecAdded event = TaskExecAdded.parseFrom(payload);
                yield new ContainerdEvent.ExecAdded(at, event.getContainerId(), event.getExecId());
            }
            case "/tasks/exec-started" -> {
                TaskExecStarted event = TaskExecStarted.parseFrom(payload);
                yield new ContainerdEvent.ExecStarted(at, event.getContainerId(), event.getExecId(), event.getPid());
            }
            case "/tasks/paused" ->
                new ContainerdEvent.TaskPaused(at, TaskPaused.parseFrom(payload).getContainerId());
            case "/tasks/resumed" ->
                new ContainerdEvent.TaskResumed(
                        at, TaskResumed.parseFrom(payload).getContainerId());
            default ->
                new ContainerdEvent.Other(
                        at, envelope.getTopic(), envelope.getEvent().getTypeUrl(), payload.toByteArray());
        };
    }

    private static Exit exit(int pid, int status, Timestamp at) {
        return new Exit(pid, status, Connection.instant(at));
    }
}
