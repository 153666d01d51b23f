package io.drydock.docker.api;

import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.AuthResponse;
import io.drydock.spec.engine.DiskUsage;
import io.drydock.spec.engine.SystemInfo;
import io.drydock.spec.engine.SystemVersion;

/** What the system endpoints need. */
public interface SystemBackend {
    SystemInfo info();

    SystemVersion version();

    AuthResponse auth(AuthConfig auth);

    DiskUsage diskUsage();
}
