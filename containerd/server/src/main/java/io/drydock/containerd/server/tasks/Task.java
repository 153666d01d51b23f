package io.drydock.containerd.server.tasks;

import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import java.util.function.Function;

/** A container's running side: its bundle and the shim that serves it. */
record Task(TaskKey key, Bundle bundle, Shim shim) {
    String namespace() {
        return key.namespace();
    }

    String id() {
        return key.id();
    }

    /** A call that changes something: it is made once. */
    <T> T change(Function<ShimClient, T> call) {
        return call.apply(shim.client());
    }

    /** A call that does no harm when it is made twice: if the shim dies under it and comes back, it is asked again. */
    <T> T ask(Function<ShimClient, T> call) {
        while (true) {
            ShimClient client = shim.client();
            try {
                return call.apply(client);
            } catch (RpcException e) {
                boolean died =
                        e.code() == StatusCode.UNAVAILABLE && client.closed().isDone();
                if (!died || !shim.comesBack()) {
                    throw e;
                }
            }
        }
    }
}
