package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's skopeo, podman and buildah push, pull, copy, list and delete: with everybody let in, with TLS and passwords, and with
 * TLS and tokens of the registry's own server.
 */
@Timeout(240)
@RequiresRoot
class OtherClientsTest {
    private static final String ME = "me:secret";

    @TempDir
    private Path directory;

    private final List<String> more = new ArrayList<>();
    private boolean checked;

    private void serve(String http, String auth, Work test) throws IOException {
        for (var program : List.of("skopeo", "podman", "buildah")) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
        }
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(directory.resolve("none.json"), "{}");
        // "secret" for bcrypt
        Files.writeString(
                directory.resolve("users"), "me:$2b$04$44r8AulnKT960.p2JuDl2.1X/iXCSfgrc/AX8q9JI.fmMGvDv0nrq\n");
        var settings = """
                version: 0.1
                storage:
                  filesystem: {rootdirectory: DIR/data}
                  delete: {enabled: true}
                http:
                  addr: 127.0.0.1:%d
                %s
                %s
                """.formatted(port, http, auth).replace("DIR", directory.toString());
        try (var server = RegistryServer.start(Settings.parse(settings, Map.of()))) {
            test.run("127.0.0.1:" + server.port());
        }
    }

    private interface Work {
        void run(String registry) throws IOException;
    }

    private String tls() {
        return Certificate.make(directory, "registry").settings();
    }

    @Test
    void whereEverybodyIsLetIn() throws IOException {
        more.add("--tls-verify=false");
        serve("", "", this::pushPullCopyListDelete);
    }

    @Test
    void withTlsAndPasswords() throws IOException {
        checked = true;
        more.addAll(List.of("--cert-dir", directory.toString(), "--creds", ME));
        serve(tls(), "auth: {htpasswd: {realm: box, path: DIR/users}}", this::pushPullCopyListDelete);
    }

    @Test
    void withTlsAndTokens() throws IOException {
        checked = true;
        more.addAll(List.of("--cert-dir", directory.toString(), "--creds", ME));
        serve(tls(), """
                auth:
                  server:
                    htpasswd: DIR/users
                    key: DIR/sign.json
                    rules: [{users: [me], repositories: ["team/**"], actions: ["*"]}]
                """, this::pushPullCopyListDelete);
    }

    private Command program(String name, String... words) {
        return Command.of(
                        "/usr/bin/" + name,
                        "--root",
                        directory.resolve(name).toString(),
                        "--runroot",
                        directory.resolve(name + "-run").toString(),
                        "--storage-driver",
                        "vfs")
                .with(words)
                .withVariable(
                        "REGISTRY_AUTH_FILE", directory.resolve("none.json").toString());
    }

    /** With what this registry needs, before the last words. */
    private String ask(String program, List<String> verb, String... words) {
        return program(program, verb.toArray(String[]::new))
                .with(more.toArray(String[]::new))
                .with(words)
                .run()
                .ok()
                .text();
    }

    private void pushPullCopyListDelete(String registry) throws IOException {
        var app = registry + "/team/app";
        var file = directory.resolve("file");
        Files.writeString(file, "hello");
        var container = program("buildah", "from", "scratch").run().ok().text();
        program("buildah", "copy", container, file.toString(), "/file").run().ok();
        program("buildah", "commit", container, "built").run().ok();
        ask("buildah", List.of("push", "-q"), "built", "docker://" + app + ":1");
        program("buildah", "rm", container).run().ok();
        program("buildah", "rmi", "built").run().ok();
        ask("buildah", List.of("pull", "-q"), app + ":1");

        ask("podman", List.of("pull", "-q"), app + ":1");
        program("podman", "tag", app + ":1", app + ":2").run().ok();
        ask("podman", List.of("push", "-q"), app + ":2");

        skopeoCopies(app);
        if (checked) {
            var stranger = Command.of("/usr/bin/skopeo", "--insecure-policy", "inspect", "--no-creds")
                    .with("--cert-dir", directory.toString(), "docker://" + app + ":1")
                    .run();
            assertThat(stranger.exitCode()).as(stranger.toString()).isNotZero();
            assertThat(stranger.err()).containsAnyOf("authentication required", "access to the resource is denied");
        }
    }

    private void skopeoCopies(String app) {
        var copy = new ArrayList<>(List.of("copy", "-q"));
        for (var side : List.of("--src-", "--dest-")) {
            more.forEach(word -> copy.add(word.startsWith("--") ? side + word.substring(2) : word));
        }
        copy.addAll(List.of("docker://" + app + ":2", "docker://" + app + "/copy:3"));
        skopeo(copy);
        var tags = new ArrayList<>(List.of("list-tags"));
        tags.addAll(more);
        tags.add("docker://" + app);
        assertThat(skopeo(tags)).contains("\"1\"", "\"2\"");
        assertThat(inspect(app + "/copy:3")).contains("\"Layers\"");
        var delete = new ArrayList<>(List.of("delete"));
        delete.addAll(more);
        delete.add("docker://" + app + "/copy:3");
        skopeo(delete);
        tags.set(tags.size() - 1, "docker://" + app + "/copy");
        assertThat(skopeo(tags)).doesNotContain("\"3\"");
    }

    private String inspect(String image) {
        var words = new ArrayList<>(List.of("inspect"));
        words.addAll(more);
        words.add("docker://" + image);
        return skopeo(words);
    }

    private static String skopeo(List<String> words) {
        return Command.of("/usr/bin/skopeo", "--insecure-policy")
                .with(words.toArray(String[]::new))
                .run()
                .ok()
                .text();
    }
}
