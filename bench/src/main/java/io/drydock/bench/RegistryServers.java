package io.drydock.bench;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's registry at 127.0.0.1:5000 of several network namespaces, with the same files in all. */
final class RegistryServers implements AutoCloseable {
    final Path directory;
    private final Process[] registries;

    RegistryServers(Path registry, NetNamespace... networks) throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "dr-");
        Path configuration = Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                storage: { filesystem: { rootdirectory: %s/data } }
                http: { addr: "127.0.0.1:5000" }
                """.formatted(directory));
        registries = new Process[networks.length];
        for (int i = 0; i < networks.length; i++) {
            registries[i] = networks[i]
                    .command(registry.toString(), "serve", configuration.toString())
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log" + i).toFile())
                    .start();
        }
    }

    @Override
    public void close() {
        for (Process registry : registries) {
            registry.destroy();
            registry.onExit().join();
        }
        Command.of("rm", "-rf", directory.toString()).run();
    }
}
