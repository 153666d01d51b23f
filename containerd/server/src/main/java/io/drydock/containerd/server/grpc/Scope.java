package io.drydock.containerd.server.grpc;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Identifiers;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * What every call says of itself in its headers: the namespace it is about and the lease that holds what it makes. They
 * are in gRPC's context, so a handler asks for them on the thread that gRPC called.
 */
public final class Scope {
    static final Metadata.Key<String> NAMESPACE_HEADER =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> LEASE_HEADER =
            Metadata.Key.of("containerd-lease", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> NAMESPACE = Context.keyWithDefault("containerd-namespace", "");
    private static final Context.Key<String> LEASE = Context.keyWithDefault("containerd-lease", "");

    private Scope() {}

    /** The call's namespace. Throws FAILED_PRECONDITION if it names none, INVALID_ARGUMENT if it is no identifier. */
    public static String namespace() {
        var namespace = NAMESPACE.get();
        if (namespace.isEmpty()) {
            throw ContainerdError.failedPrecondition("namespace is required");
        }
        return Identifiers.check(namespace);
    }

    /** The call's lease, empty for none. */
    public static String lease() {
        return LEASE.get();
    }

    /** Puts the headers into the context of each call. */
    static ServerInterceptor interceptor() {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                var namespace = headers.get(NAMESPACE_HEADER);
                var lease = headers.get(LEASE_HEADER);
                var context = Context.current()
                        .withValues(NAMESPACE, namespace == null ? "" : namespace, LEASE, lease == null ? "" : lease);
                return Contexts.interceptCall(context, call, headers, next);
            }
        };
    }
}
