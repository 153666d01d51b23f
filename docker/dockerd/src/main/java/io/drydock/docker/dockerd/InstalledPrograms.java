package io.drydock.docker.dockerd;

import java.nio.file.Path;

/** Where this installation's programs are: {@code drydock.home} or the environment's DRYDOCK_HOME. */
record InstalledPrograms(Path home) {

    static InstalledPrograms ofThisProcess() {
        String home = System.getenv("DRYDOCK_HOME");
        return new InstalledPrograms(
                Path.of(home == null ? System.getProperty("drydock.home", "/usr/lib/drydock") : home));
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }
}
