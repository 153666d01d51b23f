package io.drydock.bench;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** An image of ten layers in a registry of each engine's own namespace: Debian's, with the same files for both. */
final class Pull implements AutoCloseable {
    static final String IMAGE = "127.0.0.1:5000/ten:latest";

    private static final int LAYERS = 10;
    private static final int FILES = 200;
    private static final int SIZE = 16 * 1024;

    private final RegistryServers registries;

    /** Builds the image with the original engine, and serves it to both. */
    Pull(Path registry, Engine builder, NetNamespace... networks) throws IOException {
        registries = new RegistryServers(registry, networks);
        build(builder);
    }

    private void build(Engine builder) throws IOException {
        var random = new Random(1);
        var context = Files.createDirectories(registries.directory.resolve("context"));
        var file = new StringBuilder("FROM scratch\n");
        for (int layer = 0; layer < LAYERS; layer++) {
            Path folder = Files.createDirectories(context.resolve("l" + layer));
            for (int i = 0; i < FILES; i++) {
                byte[] content = new byte[SIZE];
                random.nextBytes(content);
                java.util.Arrays.fill(content, SIZE / 2, SIZE, (byte) layer); // compresses to a half, as programs do
                Files.write(folder.resolve("f" + i), content);
            }
            file.append("COPY l").append(layer).append(" /l").append(layer).append('\n');
        }
        Files.writeString(context.resolve("Dockerfile"), file.append("CMD [\"/none\"]\n"));
        builder.docker("build", "-q", "-t", IMAGE, context.toString())
                .withVariable("DOCKER_BUILDKIT", "0")
                .run()
                .ok();
        Await.until("push", () -> builder.docker("push", "-q", IMAGE).run().exitCode() == 0);
        builder.docker("rmi", IMAGE).run().ok();
    }

    void pull(Engine engine) {
        Sides.run(engine.docker("pull", "-q", IMAGE));
    }

    /** Makes the engine forget the image, so that the next pull fetches it. */
    void forget(Engine engine) {
        engine.docker("rmi", IMAGE).run().ok();
    }

    @Override
    public void close() {
        registries.close();
    }
}
