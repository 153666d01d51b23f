package io.drydock.docker.dockerd;

/** What this program calls itself. */
final class Product {
    static final String VERSION = "0.1.0";
    static final String COMMIT = "unknown";
    static final String BUILT = "";
    static final String RUNTIME = "java" + Runtime.version().feature();

    private Product() {}
}
