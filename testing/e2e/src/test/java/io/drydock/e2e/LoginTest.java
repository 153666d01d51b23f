package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Registries that ask who is there: login, push, pull and logout with both clients, on our registry and on Debian's. */
@RequiresRoot
@ExtendWith(Stage.Extension.class)
class LoginTest {
    /** "secret" for bcrypt. */
    private static final String USERS = "me:$2b$04$44r8AulnKT960.p2JuDl2.1X/iXCSfgrc/AX8q9JI.fmMGvDv0nrq\n";

    private final Stage stage;

    @TempDir
    private Path directory;

    LoginTest(Stage stage) {
        this.stage = stage;
    }

    private String htpasswd() throws IOException {
        var users = directory.resolve("users");
        Files.writeString(users, USERS);
        return "auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n";
    }

    @Test
    void ourRegistryLetsInWhoKnowsThePassword() throws IOException {
        try (var registry = Registry.ours(stage.network, 5002, htpasswd())) {
            logsIn(registry);
        }
    }

    @Test
    void debiansRegistryLetsInWhoKnowsThePassword() throws IOException {
        try (var registry = Registry.original(stage.network, 5003, htpasswd())) {
            logsIn(registry);
        }
    }

    /** Keeps what it is given in a file, and notes what it is asked. */
    private static final String HELPER = """
            #!/bin/sh
            cd '%s' && echo "$1" >> calls
            case $1 in
              store) cat > kept ;;
              get) [ -e kept ] && cat kept || { echo 'credentials not found in native keychain'; exit 1; } ;;
              erase) rm -f kept ;;
            esac
            echo 'a helper may say something here' >&2
            """;

    @Test
    void helpersKeepPasswords() throws IOException {
        try (var registry = Registry.ours(stage.network, 5002, htpasswd())) {
            for (var docker : Docker.both(stage.engine.host())) {
                for (var setting : new String[] {
                    "{\"credsStore\": \"box\"}", "{\"credHelpers\": {\"" + registry.address() + "\": \"box\"}}"
                }) {
                    withHelper(docker, registry, setting);
                }
            }
        }
    }

    private void withHelper(Docker docker, Registry registry, String setting) throws IOException {
        var config = Files.createTempDirectory(directory, docker.kind());
        Files.writeString(config.resolve("config.json"), setting);
        var helper = config.resolve("docker-credential-box");
        Files.writeString(helper, HELPER.formatted(config));
        assertThat(helper.toFile().setExecutable(true)).isTrue();
        var path = config + ":" + System.getenv("PATH");
        var image = registry.address() + "/private/box:2";
        docker.text("tag", Stage.IMAGE, image);

        with(config, docker, "login", "-u", "me", "--password-stdin", registry.address())
                .withVariable("PATH", path)
                .withInput("secret")
                .run()
                .ok();
        assertThat(Files.readString(config.resolve("kept"))).contains(registry.address(), "\"me\"", "\"secret\"");
        assertThat(Files.readString(config.resolve("config.json"))).doesNotContain("\"auth\"");
        with(config, docker, "push", image).withVariable("PATH", path).run().ok();
        with(config, docker, "logout", registry.address())
                .withVariable("PATH", path)
                .run()
                .ok();
        assertThat(Files.readAllLines(config.resolve("calls"))).contains("store", "get", "erase");
        assertThat(config.resolve("kept")).doesNotExist();
        assertThat(with(config, docker, "push", image)
                        .withVariable("PATH", path)
                        .run()
                        .exitCode())
                .as("%s", docker)
                .isEqualTo(1);
        docker.text("rmi", image);
    }

    private void logsIn(Registry registry) throws IOException {
        for (var docker : Docker.both(stage.engine.host())) {
            var config = Files.createDirectories(directory.resolve(docker.kind()));
            var image = registry.address() + "/private/box:1";
            docker.text("tag", Stage.IMAGE, image);

            var stranger = with(config, docker, "push", image).run();
            assertThat(stranger.exitCode()).as("%s", docker).isEqualTo(1);
            assertThat(stranger.err()).as("%s", docker).contains("no basic auth credentials");

            var wrong = with(config, docker, "login", "-u", "me", "--password-stdin", registry.address())
                    .withInput("wrong")
                    .run();
            assertThat(wrong.exitCode()).as("%s", docker).isEqualTo(1);
            assertThat(wrong.err()).as("%s", docker).contains("failed with status: 401 Unauthorized");

            var right = with(config, docker, "login", "-u", "me", "--password-stdin", registry.address())
                    .withInput("secret")
                    .run();
            assertThat(right.text()).as("%s: %s", docker, right).isEqualTo("Login Succeeded");
            with(config, docker, "push", image).run().ok();
            docker.text("rmi", image);
            with(config, docker, "pull", image).run().ok();
            docker.text("rmi", image);

            with(config, docker, "logout", registry.address()).run().ok();
            assertThat(with(config, docker, "pull", image).run().exitCode())
                    .as("%s", docker)
                    .isEqualTo(1);
        }
    }

    private static Command with(Path config, Docker docker, String... words) {
        return docker.command(words).withVariable("DOCKER_CONFIG", config.toString());
    }
}
