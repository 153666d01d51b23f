package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Published ports without userland proxy, with the original docker-proxy, and with one that does not want to live. */
@RequiresRoot
class ProxyModesTest {
    private static final Path ORIGINAL = Path.of("/usr/sbin/docker-proxy");
    private NetworkStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new NetworkStage();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Sandbox attach(NetworkController controller, SandboxRequest request) throws Exception {
        return stage.onHost(() -> controller.attach(request));
    }

    @Test
    void withoutProxyTheKernelDoesItAll() throws Exception {
        var program = stage.proxyProgram();
        var config = stage.config().withProxy(new NetworkConfig.Proxy(false, program, true));
        try (var controller = stage.open(config)) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "", "8080")));
            var other = attach(controller, NetworkStage.request("other"));
            assertThat(web.publishedPorts()).containsExactly(new PublishedPort(Protocol.TCP, 80, "0.0.0.0", 8080, 1));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.outside.path(), NetworkStage.HOST, 8080))
                    .isEqualTo("web " + NetworkStage.OUTSIDE + " !");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
            assertThat(NetworkStage.call(other.netns(), NetworkStage.HOST, 8080))
                    .startsWith("web ");
            assertThat(NetworkStage.call(web.netns(), NetworkStage.HOST, 8080)).startsWith("web ");
            assertThat(ProcessHandle.current().children().filter(p -> stage.isOf(p.pid())))
                    .isEmpty();
        }
    }

    @Test
    void theOriginalProxyServesOnePortEach() throws Exception {
        assumeTrue(Files.exists(ORIGINAL), "docker-proxy of Debian is not installed");
        var config = stage.config().withProxy(new NetworkConfig.Proxy(true, ORIGINAL, false));
        try (var controller = stage.open(config)) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "127.0.0.1", "8080")));
            stage.serve(web.netns(), 80, "web");
            assertThat(NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)).isEqualTo("web 172.17.0.1 !");
            stage.serve(stage.host.path(), 8081, "squatter");
            assertThatThrownBy(() -> attach(
                            controller, NetworkStage.request("second", PortRequest.parse("80", "127.0.0.1", "8081"))))
                    .hasMessageEndingWith(
                            "Error starting userland proxy: listen tcp4 127.0.0.1:8081: bind: address already in use");
            controller.detach("id-of-web");
            assertThat(ProcessHandle.current().children().filter(p -> stage.isOf(p.pid())))
                    .isEmpty();
        }
    }

    @Test
    void aProxyThatDiesWhileItIsToldItsPortsIsStartedUntilItLives() throws Exception {
        var lives = stage.directory.resolve("lives");
        var program = stage.directory.resolve("weak-proxy");
        Files.writeString(program, """
                #!/bin/sh
                echo x >> '%s'
                [ "$(wc -l < '%s')" -lt 3 ] && exit 1
                exec '%s' "$@"
                """.formatted(lives, lives, stage.proxyProgram()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        var config = stage.config().withProxy(new NetworkConfig.Proxy(true, program, true));
        try (var controller = stage.open(config)) {
            var web = attach(controller, NetworkStage.request("web", PortRequest.parse("80", "127.0.0.1", "8080")));
            stage.serve(web.netns(), 80, "web");
            Await.until("the third one forwards", () -> {
                try {
                    return NetworkStage.call(stage.host.path(), "127.0.0.1", 8080)
                            .startsWith("web ");
                } catch (SocketTimeoutException e) {
                    return false;
                }
            });
            assertThat(Files.readString(lives).lines()).hasSize(3);
        }
    }

    @Test
    void aProxyThatDoesNotExistIsAnError() throws Exception {
        var config = stage.config().withProxy(new NetworkConfig.Proxy(true, stage.directory.resolve("nothing"), true));
        try (var controller = stage.open(config)) {
            assertThatThrownBy(() -> attach(
                            controller, NetworkStage.request("web", PortRequest.parse("80", "127.0.0.1", "8080"))))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageContaining("Error starting userland proxy: ");
            attach(controller, NetworkStage.request("web"));
        }
    }
}
