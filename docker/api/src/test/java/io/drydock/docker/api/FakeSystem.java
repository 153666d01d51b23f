package io.drydock.docker.api;

import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.AuthResponse;
import io.drydock.spec.engine.DiskUsage;
import io.drydock.spec.engine.SystemInfo;
import io.drydock.spec.engine.SystemVersion;

/** A system that has nothing to say. */
final class FakeSystem implements SystemBackend {
    @Override
    public SystemInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SystemVersion version() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AuthResponse auth(AuthConfig auth) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DiskUsage diskUsage() {
        throw new UnsupportedOperationException();
    }
}
