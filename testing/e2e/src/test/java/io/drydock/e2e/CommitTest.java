package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images of containers. */
@ExtendWith(Stage.Extension.class)
class CommitTest {
    private final Stage stage;
    private final Docker docker;

    CommitTest(Stage stage) {
        this.stage = stage;
        this.docker = stage.engine.original();
    }

    @AfterEach
    void remove() {
        for (var name : new String[] {"changed", "running"}) {
            docker.run("rm", "-f", name);
        }
        for (var name : new String[] {"committed:1", "committed:2"}) {
            docker.run("rmi", "-f", name);
        }
    }

    @Test
    void whatAContainerHasChangedIsTheImage() {
        docker.text(
                "run",
                "--name",
                "changed",
                "--network",
                "none",
                "busybox",
                "sh",
                "-c",
                "rm /etc/group; rm -r /www; mkdir /www; echo new > /www/page; ln /www/page /same;"
                        + " mknod /null c 1 3; ln -s /www/page /link; chmod 1777 /home");

        var id = docker.text(
                "commit",
                "-a",
                "An Author",
                "-m",
                "a message",
                "-c",
                "ENV WHERE=$PATH/x",
                "-c",
                "CMD [\"cat\", \"/link\"]",
                "changed",
                "committed:1");

        assertThat(docker.text("run", "--rm", "--network", "none", "committed:1"))
                .isEqualTo("new");
        assertThat(docker.text(
                        "run",
                        "--rm",
                        "--network",
                        "none",
                        "committed:1",
                        "sh",
                        "-c",
                        "ls /www; test -e /etc/group || echo gone; stat -c %h /same; stat -c %a /home;"
                                + " test -c /null && echo device; echo $WHERE"))
                .isEqualTo("page\ngone\n2\n1777\ndevice\n/bin:/usr/bin/x");
        assertThat(docker.text(
                        "inspect", "-f", "{{.Id}} {{.Author}} {{.Comment}} {{len .RootFS.Layers}}", "committed:1"))
                .isEqualTo(id + " An Author a message 2");
        assertThat(docker.text("history", "--format", "{{.Comment}}", "committed:1")
                        .lines()
                        .findFirst())
                .hasValue("a message");
    }

    @Test
    void aRunningContainerIsPausedAndGoesOn() {
        docker.text("run", "-d", "--name", "running", "--network", "none", "busybox", "sleep", "1000");
        var since = docker.text("info", "-f", "{{.SystemTime}}");

        docker.text("commit", "running", "committed:2");

        assertThat(docker.text("inspect", "-f", "{{.State.Status}}", "running")).isEqualTo("running");
        Await.until(
                "the events are those of the original",
                // the client's "until" is a whole second: it may lie before the last event
                () -> docker.text(
                                "events",
                                "--since",
                                since,
                                "--until",
                                "0s",
                                "-f",
                                "container=running",
                                "--format",
                                "{{.Action}}")
                        .equals("pause\ncommit\nunpause"));
        // nothing was changed: no layer
        assertThat(docker.text("inspect", "-f", "{{len .RootFS.Layers}}", "committed:2"))
                .isEqualTo("1");
        assertThat(docker.run("commit", "-c", "RUN x", "running").err()).contains("RUN is not a valid change command");
    }
}
