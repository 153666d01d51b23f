package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrong input gets the original's message and exit code, from both clients. */
@ExtendWith(Stage.Extension.class)
class WrongInputTest {
    private final Stage stage;

    WrongInputTest(Stage stage) {
        this.stage = stage;
    }

    @AfterEach
    void removeContainers() {
        var ids = stage.engine.original().text("ps", "-aq");
        if (!ids.isEmpty()) {
            stage.engine
                    .original()
                    .command("rm", "-f")
                    .with(ids.split("\n"))
                    .run()
                    .ok();
        }
    }

    private record Case(String name, int code, String message, List<String> words) {}

    private static Case wrong(String name, int code, String message, String... words) {
        return new Case(name, code, message, List.of(words));
    }

    @TestFactory
    Stream<DynamicTest> isRefusedInTheOriginalsWords() {
        stage.engine.original().text("run", "-d", "--name", "taken", "busybox", "sleep", "1000");
        var cases = List.of(
                wrong(
                        "unknown image",
                        125,
                        "No such image: nowhere:latest",
                        "run",
                        "--pull",
                        "never",
                        "nowhere",
                        "true"),
                wrong(
                        "unknown image in the registry",
                        1,
                        "manifest for nowhere:latest not found: manifest unknown",
                        "pull",
                        "nowhere"),
                wrong(
                        "unknown command in the image",
                        127,
                        "exec: \"nope\": executable file not found in $PATH",
                        "run",
                        "--rm",
                        "busybox",
                        "nope"),
                wrong("a folder as command", 126, "exec: \"/etc\": is a directory", "run", "--rm", "busybox", "/etc"),
                wrong("bad port", 125, "invalid containerPort: 99999", "run", "-p", "99999", "busybox", "true"),
                wrong("bad host port", 125, "invalid hostPort: x", "run", "-p", "x:80", "busybox", "true"),
                wrong(
                        "name in use",
                        125,
                        "Conflict. The container name \"/taken\" is already in use by container",
                        "run",
                        "--name",
                        "taken",
                        "busybox",
                        "true"),
                wrong(
                        "bad name",
                        125,
                        "Invalid container name (?bad), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
                        "run",
                        "--name",
                        "?bad",
                        "busybox",
                        "true"),
                wrong("bad reference", 125, "invalid reference format", "run", "Busy::Box", "true"),
                wrong("bad memory", 125, "invalid size: 'lots'", "run", "--memory", "lots", "busybox", "true"),
                wrong(
                        "too little memory",
                        125,
                        "Minimum memory limit allowed is 6MB",
                        "run",
                        "--memory",
                        "1m",
                        "busybox",
                        "true"),
                wrong(
                        "relative volume",
                        125,
                        "includes invalid characters for a local volume name",
                        "run",
                        "-v",
                        "a/b:/x",
                        "busybox",
                        "true"),
                wrong("unknown container", 1, "No such container: ghost", "start", "ghost"),
                wrong("unknown container in inspect", 1, "No such object: ghost", "inspect", "ghost"),
                wrong("logs of nothing", 1, "No such container: ghost", "logs", "ghost"),
                wrong(
                        "rm of a running one",
                        1,
                        "container is running: stop the container before removing or force remove",
                        "rm",
                        "taken"),
                wrong("rmi of an image in use", 1, "conflict: unable to", "rmi", "busybox"),
                wrong("unknown docker command", 1, "docker: unknown command: docker frobnicate", "frobnicate"),
                wrong("missing argument", 1, "requires at least 1 argument", "run"),
                wrong(
                        "unknown user",
                        125,
                        "unable to find user nobody-here: no matching entries in passwd file",
                        "run",
                        "--rm",
                        "-u",
                        "nobody-here",
                        "busybox",
                        "true"),
                wrong("bad template", 1, "failed to parse template", "ps", "--format", "{{.ID"));
        return Docker.both(stage.engine.host()).stream()
                .flatMap(docker -> cases.stream()
                        .map(one -> DynamicTest.dynamicTest(docker.kind() + ": " + one.name(), () -> {
                            var result = docker.command()
                                    .with(one.words().toArray(String[]::new))
                                    .run();
                            assertThat(result.out() + result.err())
                                    .as(result.toString())
                                    .contains(one.message());
                            if (!one.name().equals("missing argument")) {
                                assertThat(result.exitCode())
                                        .as(result.toString())
                                        .isEqualTo(one.code());
                            }
                        })));
    }

    @TestFactory
    Stream<DynamicTest> badRequestsAreAnswered() {
        record Bad(String name, String method, String path, String body, int status, String message) {}
        return Stream.of(
                        new Bad(
                                "JSON that is cut off",
                                "POST",
                                "/v1.41/containers/create",
                                "{\"Image\": \"busy",
                                400,
                                ""),
                        new Bad("JSON of a wrong type", "POST", "/v1.41/containers/create", "{\"Image\": 5}", 400, ""),
                        new Bad("an empty config", "POST", "/v1.41/containers/create", "{}", 400, ""),
                        new Bad(
                                "a version too old",
                                "GET",
                                "/v1.10/containers/json",
                                "",
                                400,
                                "client version 1.10 is too old"),
                        new Bad(
                                "a version too new",
                                "GET",
                                "/v9.99/containers/json",
                                "",
                                400,
                                "client version 9.99 is too new"),
                        new Bad("an unknown path", "GET", "/v1.41/nowhere", "", 404, "page not found"),
                        new Bad("a bad filter", "GET", "/v1.41/containers/json?filters=nonsense", "", 400, ""))
                .map(bad -> DynamicTest.dynamicTest(bad.name(), () -> {
                    var answer = Command.of(
                                    "curl",
                                    "-s",
                                    "--max-time",
                                    "20",
                                    "-w",
                                    "\n%{http_code}",
                                    "--unix-socket",
                                    stage.engine.socket().toString(),
                                    "-X",
                                    bad.method(),
                                    "-H",
                                    "Content-Type: application/json",
                                    "-d",
                                    bad.body(),
                                    "http://d" + bad.path())
                            .run()
                            .ok()
                            .text();
                    assertThat(answer)
                            .endsWith("\n" + bad.status())
                            .contains(bad.message())
                            .startsWith("{\"message\":");
                }));
    }
}
