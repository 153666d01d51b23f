package io.drydock.e2e;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RegistrySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A registry on 127.0.0.1:PORT of a network namespace, with its storage in a directory of its own. */
final class Registry implements AutoCloseable {
    final Path directory;
    final int port;
    private final NetNamespace network;
    private final Process process;
    private final String scheme;

    private Registry(Path program, boolean ours, NetNamespace network, int port, String more) {
        this.network = network;
        this.port = port;
        this.scheme = more.contains("tls:") ? "https" : "http";
        try {
            directory = Files.createTempDirectory(Path.of("/tmp"), "dr-");
            var config = directory.resolve("config.yml");
            Files.writeString(config, RegistrySettings.yaml(directory.resolve("data"), port, more));
            process = network.command(program.toString(), "serve", config.toString())
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(
                (ours ? "our" : "Debian's") + " registry answers",
                Duration.ofSeconds(60),
                () -> curl("/v2/").startsWith("{"));
    }

    static Registry ours(NetNamespace network, int port) {
        return ours(network, port, "");
    }

    /** @param more lines of configuration; the first ones may belong to {@code http} */
    static Registry ours(NetNamespace network, int port, String more) {
        return new Registry(Programs.ours("registry"), true, network, port, more);
    }

    static Registry original(NetNamespace network, int port) {
        return original(network, port, "");
    }

    /** @param more lines of configuration */
    static Registry original(NetNamespace network, int port, String more) {
        return new Registry(Programs.original("docker-registry"), false, network, port, more);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** What a GET of that path answers. */
    String curl(String path) {
        return network.command("curl", "-sk", "--max-time", "20", scheme + "://" + address() + path)
                .run()
                .text();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Engine.deleteTree(directory);
    }
}
