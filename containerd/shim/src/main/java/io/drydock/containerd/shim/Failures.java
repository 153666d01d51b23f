package io.drydock.containerd.shim;

import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.RuntimeFailure;
import java.io.IOException;

/** The runtime's failures in the words and codes of the task API; clients match on the words. */
final class Failures {
    private Failures() {}

    static RpcException of(String what, IOException failure) {
        StatusCode code = failure instanceof RuntimeFailure runtime
                ? switch (runtime.kind()) {
                    case INVALID -> StatusCode.INVALID_ARGUMENT;
                    case NOT_FOUND -> StatusCode.NOT_FOUND;
                    case ALREADY_EXISTS -> StatusCode.ALREADY_EXISTS;
                    case FAILED_PRECONDITION -> StatusCode.FAILED_PRECONDITION;
                    case FAILED -> StatusCode.UNKNOWN;
                }
                : StatusCode.UNKNOWN;
        return new RpcException(code, what + ": " + failure.getMessage(), failure);
    }

    /** Of a signal: a process that has ended is not found, however the runtime puts it. */
    static RpcException ofSignal(IOException failure) {
        boolean gone = failure instanceof RuntimeFailure runtime
                && (runtime.kind() == RuntimeFailure.Kind.FAILED_PRECONDITION
                        || runtime.kind() == RuntimeFailure.Kind.NOT_FOUND);
        return gone ? new RpcException(StatusCode.NOT_FOUND, "process already finished", failure) : of("kill", failure);
    }
}
