package io.drydock.e2e;

import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What most tests play on, started once for all of them: a network namespace with our registry on port 5000, Debian's on
 * port 5001, and our engine, which uses the first as its mirror of Docker Hub. Both registries hold the busybox image, and
 * the engine has pulled it from the first.
 */
final class Stage implements AutoCloseable {
    static final String IMAGE = "busybox:latest";

    final NetNamespace network = NetNamespace.create("e2e");
    final Registry ours;
    final Registry original;
    final Engine engine;
    private final Path scratch;

    private Stage() {
        try {
            scratch = Files.createTempDirectory(Path.of("/tmp"), "ds-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ours = Registry.ours(network, 5000);
        original = Registry.original(network, 5001);
        engine = Engine.startIn(network, "--registry-mirror", "http://127.0.0.1:5000");
        var docker = engine.original();
        var rootfs = BusyboxImage.rootfs(scratch);
        docker.text(
                "import", "-c", "CMD [\"/bin/sh\"]", "-c", "ENV PATH=/bin:/usr/bin", rootfs.toString(), "seed:latest");
        for (var name :
                new String[] {"127.0.0.1:5000/library/busybox:latest", "127.0.0.1:5001/library/busybox:latest"}) {
            docker.text("tag", "seed:latest", name);
            docker.text("push", name);
            docker.text("rmi", name);
        }
        docker.text("rmi", "seed:latest");
        docker.text("pull", IMAGE);
    }

    @Override
    public void close() {
        engine.close();
        ours.close();
        original.close();
        Engine.deleteTree(scratch);
        network.close();
    }

    /** Gives a test class the one stage of the run; it is taken down after the last class. */
    static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Stage.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Stage.class))
                    .getOrComputeIfAbsent(Stage.class, key -> new Stage(), Stage.class);
        }
    }
}
