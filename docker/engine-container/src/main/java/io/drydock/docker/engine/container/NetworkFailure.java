package io.drydock.docker.engine.container;

import io.drydock.docker.engine.network.NetworkException;
import io.drydock.spec.engine.EngineException;

/** Failures of networks as the API tells them. */
public final class NetworkFailure {
    private NetworkFailure() {}

    /** The same failure with its status code. */
    public static EngineException of(NetworkException e) {
        var kind =
                switch (e.kind()) {
                    case INVALID -> EngineException.Kind.INVALID;
                    case FORBIDDEN -> EngineException.Kind.FORBIDDEN;
                    case NOT_FOUND -> EngineException.Kind.NOT_FOUND;
                    case CONFLICT -> EngineException.Kind.CONFLICT;
                    case SYSTEM -> EngineException.Kind.SYSTEM;
                };
        return new EngineException(kind, String.valueOf(e.getMessage()), e);
    }
}
