package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.linux.Linux;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class NamespaceFactoryTest {
    @TempDir
    Path directory;

    /** Else nobody would know of the namespace that is made all the same. */
    @Test
    void whoIsInterruptedGetsTheNamespaceAndKeepsTheInterrupt() throws Exception {
        var namespaces = new NamespaceFactory(Linux.system());
        var file = directory.resolve("ns");

        Thread.currentThread().interrupt();
        var handles = namespaces.create(file);
        boolean kept = Thread.interrupted();
        handles.close();

        assertThat(kept).isTrue();
        assertThat(namespaces.pinned(file)).isTrue();
        namespaces.remove(file);
        assertThat(file).doesNotExist();
    }
}
