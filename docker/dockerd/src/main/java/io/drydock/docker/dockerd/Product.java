package io.drydock.docker.dockerd;

/** What this program calls itself. */
final class Product {
    /** Its own version. */
    static final String VERSION = "0.1.0";

    /**
     * The release of Docker Engine whose API it speaks: what it answers when asked for the engine's version. Clients compare
     * it: Testcontainers refuses an engine older than 1.6.0.
     */
    static final String ENGINE = "29.6.0";

    static final String COMMIT = "unknown";
    static final String BUILT = "";
    static final String RUNTIME = "java" + Runtime.version().feature();

    private Product() {}
}
