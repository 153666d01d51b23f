package io.drydock.containerd.client;

import java.time.Instant;

/** Something that happened in containerd, in the namespace the client works in. */
public sealed interface ContainerdEvent {
    /** When it happened, as the shim or containerd stamped it. */
    Instant at();

    /** {@code /tasks/create} */
    record TaskCreate(Instant at, String containerId, int pid) implements ContainerdEvent {}

    /** {@code /tasks/start} */
    record TaskStart(Instant at, String containerId, int pid) implements ContainerdEvent {}

    /** {@code /tasks/exit}; the id is the exec's, or the container's for its init. */
    record TaskExit(Instant at, String containerId, String id, Exit exit) implements ContainerdEvent {
        /** It was the container's init that ended. */
        public boolean init() {
            return id.equals(containerId);
        }
    }

    /** {@code /tasks/delete}; the exec id is empty for the task itself. */
    record TaskDelete(Instant at, String containerId, String execId, Exit exit) implements ContainerdEvent {}

    /** {@code /tasks/oom} */
    record TaskOom(Instant at, String containerId) implements ContainerdEvent {}

    /** {@code /tasks/exec-added} */
    record ExecAdded(Instant at, String containerId, String execId) implements ContainerdEvent {}

    /** {@code /tasks/exec-started} */
    record ExecStarted(Instant at, String containerId, String execId, int pid) implements ContainerdEvent {}

    /** {@code /tasks/paused} */
    record TaskPaused(Instant at, String containerId) implements ContainerdEvent {}

    /** {@code /tasks/resumed} */
    record TaskResumed(Instant at, String containerId) implements ContainerdEvent {}

    /** Any other; the type is the protobuf name of the payload. */
    record Other(Instant at, String topic, String type, byte[] payload) implements ContainerdEvent {}

    /**
     * The subscription was broken and works again: what happened in between was not delivered, so compare states now.
     * It is delivered in order with the events, and once when a subscription begins.
     */
    record Subscribed(Instant at) implements ContainerdEvent {}
}
