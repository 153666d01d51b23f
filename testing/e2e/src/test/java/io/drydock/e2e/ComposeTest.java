package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's docker-compose (1.29, in Python) with a project of three services and two networks on our engine. */
@ExtendWith(Stage.Extension.class)
class ComposeTest {
    private static final String PROJECT = """
            version: "3.7"
            services:
              web:
                image: busybox
                command: httpd -f -h /www
                ports: ["127.0.0.1:8091:80", "8092:80/tcp"]
                networks:
                  front:
                    aliases: [site]
              app:
                image: busybox
                command: sh -c "echo started; exec httpd -f -p 8000 -h /www"
                depends_on: [db]
                networks: [front, back]
                labels: {role: app}
                environment: {COLOR: green}
                volumes: ["data:/data"]
              db:
                image: busybox
                command: httpd -f -p 5432 -h /www
                networks:
                  back:
                    ipv4_address: 10.77.0.9
                    aliases: [database]
            networks:
              front: {}
              back:
                internal: true
                ipam:
                  config: [{subnet: 10.77.0.0/24}]
            volumes:
              data: {}
            """;

    private final Stage stage;
    private final Docker docker;
    private Path directory = Path.of("");

    ComposeTest(Stage stage) {
        this.stage = stage;
        this.docker = stage.engine.original();
    }

    @BeforeEach
    void write() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "compose");
        Files.writeString(directory.resolve("docker-compose.yml"), PROJECT);
    }

    @AfterEach
    void remove() {
        compose("down", "-v", "-t", "0").run();
        Engine.deleteTree(directory);
    }

    private Command compose(String... words) {
        return Command.of(Programs.original("docker-compose").toString(), "-H", stage.engine.host(), "-p", "shop")
                .with(words)
                .in(directory)
                .withVariable("DOCKER_HOST", null)
                .withVariable("DOCKER_API_VERSION", null);
    }

    private String fetch(Command curl) {
        return Await.value("an answer", Duration.ofSeconds(30), curl::run, r -> r.exitCode() == 0)
                .text();
    }

    @Test
    void threeServicesInTwoNetworks() {
        compose("up", "-d").run().ok();
        assertThat(compose("ps", "-q").run().ok().text().lines()).hasSize(3);
        for (var url : new String[] {"http://127.0.0.1:8091/", "http://127.0.0.1:8092/"}) {
            assertThat(fetch(stage.network.command("curl", "-s", "--max-time", "5", url)))
                    .isEqualTo("it works");
        }

        assertThat(address("shop_app_1", "site")).isEqualTo(address("shop_app_1", "web"));
        assertThat(address("shop_app_1", "db")).isEqualTo("10.77.0.9");
        assertThat(address("shop_app_1", "database")).isEqualTo("10.77.0.9");
        assertThat(address("shop_app_1", "shop_db_1")).isEqualTo("10.77.0.9");
        assertThat(address("shop_web_1", "database")).isEmpty();
        assertThat(docker.text(
                        "exec", "shop_app_1", "sh", "-c", "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc database 5432"))
                .contains("it works");

        assertThat(compose("logs", "--no-color", "app").run().ok().text())
                .contains("app_1")
                .contains("started");
        assertThat(compose("exec", "-T", "app", "sh", "-c", "echo $COLOR")
                        .run()
                        .ok()
                        .text())
                .isEqualTo("green");
        assertThat(docker.text("ps", "-q", "--filter", "label=role=app").lines())
                .hasSize(1);
        assertThat(docker.text("ps", "--filter", "network=shop_back", "--format", "{{.Names}}")
                        .lines())
                .containsExactlyInAnyOrder("shop_app_1", "shop_db_1");
        assertThat(compose("up", "-d").run().ok().err()).contains("up-to-date").doesNotContain("Recreating");
        compose("restart", "-t", "0", "app").run().ok();
        assertThat(address("shop_app_1", "db")).isEqualTo("10.77.0.9");

        compose("down", "-v", "-t", "0").run().ok();
        assertThat(docker.text("network", "ls", "--format", "{{.Name}}").lines())
                .containsExactlyInAnyOrder("bridge", "host", "none");
        assertThat(docker.text("volume", "ls", "-q")).doesNotContain("shop_data");
    }

    /** What a name means to a container; empty for nothing. */
    private String address(String container, String name) {
        var answer = docker.run("exec", container, "ping", "-c", "1", "-W", "1", name)
                .out();
        int open = answer.indexOf('(');
        return open < 0 ? "" : answer.substring(open + 1, answer.indexOf(')', open));
    }
}
