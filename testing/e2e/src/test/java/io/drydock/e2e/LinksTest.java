package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code --link} on the default bridge: what a container knows of another one. The original says the same. */
@ExtendWith(Stage.Extension.class)
class LinksTest {
    private final Docker docker;

    LinksTest(Stage stage) {
        this.docker = stage.engine.original();
    }

    @AfterEach
    void removeContainers() {
        docker.run("rm", "-f", "deep", "deeper", "owner", "thief");
    }

    private String address(String container) {
        return docker.text("inspect", "-f", "{{.NetworkSettings.IPAddress}}", container);
    }

    private List<String> variables() {
        return docker.text("exec", "owner", "env")
                .lines()
                .filter(line -> line.startsWith("MY_DB_"))
                .toList();
    }

    @Test
    void linksAreVariablesAndLinesInHosts() {
        docker.command("run", "-d", "--name", "deep", "--hostname", "sea", "--expose", "53/udp")
                .with("--expose", "5432-5434", "-e", "LEVEL=1", "-e", "HOME=/x", "busybox", "sleep", "1000")
                .run()
                .ok();
        docker.command("run", "-d", "--name", "owner", "--link", "deep:my-db", "--link", "deep")
                .with("busybox", "sh", "-c", "env > /first; exec sleep 1000")
                .run()
                .ok();
        var at = address("deep");
        var variables = variables();
        assertThat(variables)
                .contains(
                        "MY_DB_PORT=udp://" + at + ":53",
                        "MY_DB_PORT_5432_TCP_START=tcp://" + at + ":5432",
                        "MY_DB_PORT_5432_TCP_ADDR=" + at,
                        "MY_DB_PORT_5432_TCP_PROTO=tcp",
                        "MY_DB_PORT_5432_TCP_PORT_START=5432",
                        "MY_DB_PORT_5432_TCP_END=tcp://" + at + ":5434",
                        "MY_DB_PORT_5432_TCP_PORT_END=5434",
                        "MY_DB_PORT_53_UDP=udp://" + at + ":53",
                        "MY_DB_PORT_53_UDP_ADDR=" + at,
                        "MY_DB_PORT_53_UDP_PORT=53",
                        "MY_DB_PORT_53_UDP_PROTO=udp",
                        "MY_DB_PORT_5432_TCP=tcp://" + at + ":5432")
                .contains("MY_DB_PORT_5434_TCP_PORT=5434", "MY_DB_NAME=/owner/my-db", "MY_DB_ENV_LEVEL=1")
                .noneMatch(line -> line.startsWith("MY_DB_ENV_PATH") || line.startsWith("MY_DB_ENV_HOME"));
        assertThat(docker.text("exec", "owner", "cat", "/first").lines()).containsAll(variables);
        assertThat(docker.text("exec", "owner", "cat", "/etc/hosts"))
                .contains(at + "\tmy-db sea deep\n" + at + "\tdeep sea\n");

        docker.text("stop", "-t", "0", "deep");
        assertThat(docker.run("exec", "owner", "env").err())
                .contains("Cannot link to a non running container: /deep AS /owner/");
        docker.text("run", "-d", "--name", "thief", "busybox", "sleep", "1000");
        assertThat(address("thief")).isEqualTo(at);
        docker.text("start", "deep");
        var moved = address("deep");
        assertThat(moved).isNotEqualTo(at);
        assertThat(docker.text("exec", "owner", "cat", "/etc/hosts"))
                .contains(moved + "\tmy-db sea deep\n" + moved + "\tdeep sea\n")
                .doesNotContain(at + "\t");
        assertThat(variables()).contains("MY_DB_PORT_53_UDP_ADDR=" + moved);

        docker.text("rename", "deep", "deeper");
        assertThat(docker.text("inspect", "-f", "{{.HostConfig.Links}}", "owner"))
                .isEqualTo("[/deeper:/owner/my-db /deeper:/owner/deep]");
        docker.text("rename", "deeper", "deep");
        assertThat(docker.text("inspect", "-f", "{{.HostConfig.Links}}", "owner"))
                .isEqualTo("[/deep:/owner/my-db /deep:/owner/deep]");
    }
}
