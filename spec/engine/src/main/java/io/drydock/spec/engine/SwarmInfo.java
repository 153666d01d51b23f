package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The swarm an engine is in. */
@Json
public record SwarmInfo(
        @Json.Property("NodeID") String nodeID,
        @Json.Property("NodeAddr") String nodeAddr,
        @Json.Property("LocalNodeState") String localNodeState,
        @Json.Property("ControlAvailable") boolean controlAvailable,
        @Json.Property("Error") String error,
        @Json.Property("RemoteManagers") @Nullable List<String> remoteManagers) {

    /** Absent members become their empty form. */
    public SwarmInfo {
        nodeID = nodeID == null ? "" : nodeID;
        nodeAddr = nodeAddr == null ? "" : nodeAddr;
        localNodeState = localNodeState == null ? "" : localNodeState;
        error = error == null ? "" : error;
    }
}
