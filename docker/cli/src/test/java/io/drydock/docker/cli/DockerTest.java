package io.drydock.docker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.cli.session.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole command lines against an engine that answers from a table; the texts are the original's. */
@Timeout(60)
class DockerTest {
    private FakeEngine engine;
    private Path config;
    private Path sockets;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        sockets = Files.createTempDirectory("cli"); // not under the test's own: a socket's path must be short
        engine = new FakeEngine(sockets);
        config = directory;
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        Files.deleteIfExists(sockets.resolve("e.sock"));
        Files.delete(sockets);
    }

    private Result docker(String input, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var streams = new Streams(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                false,
                false,
                false);
        var environment = Map.of("DOCKER_HOST", engine.host(), "DOCKER_CONFIG", config.toString());
        int status = new Docker(environment, streams).run(List.of(words));
        streams.flush();
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void psPrintsATable() {
        engine.answer("GET /containers/json", "200 OK", """
                        [{"Id": "0123456789abcdef", "Names": ["/web"], "Image": "busybox", "ImageID": "sha256:ff",
                          "Command": "sleep 1000 and so on for long", "Created": 0, "State": "running",
                          "Status": "Up 2 hours", "Labels": {"b": "2", "a": "1"},
                          "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}]}]""");

        var result =
                docker("", "ps", "--format", "table {{.ID}}\\t{{.Command}}\\t{{.Ports}}\\t{{.Names}}\\t{{.Labels}}");

        assertThat(result.out()).isEqualTo("""
                        CONTAINER ID   COMMAND                  PORTS                  NAMES     LABELS
                        0123456789ab   "sleep 1000 and so o…"   0.0.0.0:8080->80/tcp   web       a=1,b=2
                        """);
        assertThat(result.status()).isZero();
        assertThat(engine.requests()).containsExactly("HEAD /_ping HTTP/1.1", "GET /v1.41/containers/json HTTP/1.1");
    }

    @Test
    void runPassesStreamsAndTheExitCode() {
        engine.answer("POST /containers/create", "201 Created", "{\"Id\": \"abc\", \"Warnings\": []}");
        engine.answer("POST /containers/abc/wait", "200 OK", "{\"StatusCode\": 42}");
        engine.answer("POST /containers/abc/start", "204 No Content", "");

        var result = docker("hello\n", "run", "-i", "--rm", "busybox", "cat");

        assertThat(result.out()).isEqualTo("hello\n");
        assertThat(result.err()).isEqualTo("bye\n");
        assertThat(result.status()).isEqualTo(42);
        assertThat(engine.requests()).contains("POST /v1.41/containers/abc/wait?condition=removed HTTP/1.1");
    }

    @Test
    void aStartThatFailsIsToldWithHelp() {
        engine.answer("POST /containers/create", "201 Created", "{\"Id\": \"abc\"}");
        engine.answer("POST /containers/abc/wait", "200 OK", "{\"StatusCode\": 0}");
        engine.answer(
                "POST /containers/abc/start",
                "400 Bad Request",
                "{\"message\": \"x: executable file not found in $PATH\"}");

        var result = docker("", "run", "busybox", "nope");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err()).isEqualTo("""
                        docker: Error response from daemon: x: executable file not found in $PATH

                        Run 'docker run --help' for more information
                        """);
    }

    @Test
    void severalArgumentsGoOnAfterAnError() {
        engine.answer("POST /containers/b/stop", "204 No Content", "");
        engine.answer("POST /containers/a/stop", "404 Not Found", "{\"message\": \"No such container: a\"}");

        var result = docker("", "stop", "-t", "1", "a", "b");

        assertThat(result).isEqualTo(new Result(1, "b\n", "Error response from daemon: No such container: a\n"));
    }

    @Test
    void inspectPrintsWhatTheEngineSaidOrATemplateOfIt() {
        engine.answer("GET /containers/a/json", "200 OK", "{\"Name\":\"/a\",\"State\":{\"ExitCode\":3}}");

        assertThat(docker("", "inspect", "a").out()).isEqualTo("""
                        [
                            {
                                "Name": "/a",
                                "State": {
                                    "ExitCode": 3
                                }
                            }
                        ]
                        """);
        assertThat(docker("", "inspect", "-f", "{{.State.ExitCode}}", "a").out())
                .isEqualTo("3\n");
    }

    @Test
    void aPullPrintsItsProgressLineByLine() {
        engine.answer("POST /images/create", "200 OK", """
                        {"status":"Pulling from library/busybox","id":"latest"}
                        {"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"aa"}
                        {"status":"Pull complete","progressDetail":{},"id":"aa"}
                        """);

        assertThat(docker("", "pull", "busybox").out()).isEqualTo("""
                        Using default tag: latest
                        latest: Pulling from library/busybox
                        aa: Pull complete
                        docker.io/library/busybox:latest
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    foo                | 1   | docker: unknown command: docker foo
                    container foo      | 1   | docker: unknown command: docker container foo
                    ps --foo           | 125 | unknown flag: --foo
                    ps x               | 1   | docker: 'docker ps' accepts no arguments
                    run                | 1   | docker: 'docker run' requires at least 1 argument
                    rename a           | 1   | docker: 'docker rename' requires 2 arguments
                    run -Q             | 125 | unknown shorthand flag: 'Q' in -Q
                    run -m x b         | 125 | invalid argument "x" for "-m, --memory" flag: invalid size: 'x'
                    run -p 1:2:3:4:5 b | 125 | docker: invalid IP address: 1:2:3
                    ps --format {{.ID  | 1   | failed to parse template: template: :1: unclosed action
                    run -it b          | 1   | the input device is not a TTY
                    service ls         | 1   | docker: 'docker service ls' is not built into this client yet
                    build .            | 1   | ERROR: the buildx component is missing or broken, and the legacy builder is not supported by this client.
                    """)
    void refusesAsTheOriginalDoes(String line, int status, String firstLine) {
        var result = docker("", line.split(" "));

        assertThat(result.err().lines().findFirst()).contains(firstLine);
        assertThat(result.status()).isEqualTo(status);
    }

    @Test
    void anAbsentEngineIsNamed() throws IOException {
        engine.close();
        var result = docker("", "-H", "unix:///no/such.sock", "ps");

        assertThat(result)
                .isEqualTo(
                        new Result(
                                1,
                                "",
                                "Cannot connect to the Docker daemon at unix:///no/such.sock. Is the docker daemon running?\n"));
    }

    @Test
    void helpIsLaidOutAsTheOriginals() {
        assertThat(docker("", "stop", "--help").out()).isEqualTo("""
                        Usage:  docker stop [OPTIONS] CONTAINER [CONTAINER...]

                        Stop one or more running containers

                        Aliases:
                          docker container stop, docker stop

                        Options:
                          -s, --signal string   Signal to send to the container
                          -t, --timeout int     Seconds to wait before killing the container
                        """);
    }

    @Test
    void flagsNeedAnEngineOfTheirVersion() {
        var result = docker("", "history", "--platform", "linux/amd64", "box");

        assertThat(result.err())
                .isEqualTo("\"--platform\" requires API version 1.48, but the Docker daemon API version is 1.41\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void platformsAreSentAsTheEngineTakesThem() {
        engine.speaks("1.50")
                .answer("GET /images/box/json", "200 OK", "{\"Id\": \"1\"}")
                .answer("DELETE /images/box", "200 OK", "[{\"Untagged\": \"box:latest\"}]")
                .answer("GET /networks/net", "200 OK", "{\"Name\": \"net\"}");

        docker("", "image", "inspect", "--platform", "linux/arm/7", "box");
        docker("", "rmi", "--platform", "linux", "--platform", "linux/aarch64", "box");
        docker("", "network", "inspect", "--verbose", "net");

        String json = "%7B%22architecture%22%3A%22";
        assertThat(engine.requests())
                .contains(
                        "GET /v1.50/images/box/json?platform=" + json
                                + "arm%22%2C%22os%22%3A%22linux%22%2C%22variant%22%3A%22v7%22%7D HTTP/1.1",
                        "DELETE /v1.50/images/box?platforms=" + json
                                + "amd64%22%2C%22os%22%3A%22linux%22%7D&platforms=" + json
                                + "arm64%22%2C%22os%22%3A%22linux%22%7D HTTP/1.1",
                        "GET /v1.50/networks/net?verbose=true HTTP/1.1");
        assertThat(docker("", "image", "inspect", "--platform", "bogus", "box").err())
                .isEqualTo("\"bogus\": unknown operating system or architecture: invalid argument\n");
    }

    @Test
    void theApiSocketIsMountedAndCredentialsAreCopied() throws IOException {
        Files.writeString(config.resolve("config.json"), """
                {"auths": {"example.com": {"auth": "dTpw"}}}""");
        engine.answer("POST /containers/create", "201 Created", "{\"Id\": \"abc\"}")
                .answer("PUT /containers/abc/archive", "200 OK", "{}");

        var result = docker("", "create", "--use-api-socket", "box", "true");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("abc\n");
        assertThat(engine.bodies())
                .anySatisfy(body -> assertThat(body)
                        .contains("\"Source\":\"/var/run/docker.sock\"")
                        .contains("\"DOCKER_CONFIG=/run/secrets/docker\""))
                .anySatisfy(body -> assertThat(body).contains("\"auth\": \"dTpw\""));
    }

    @Test
    void statsShowWhatTheEngineMeasured() {
        engine.answer("GET /containers/web/stats", "200 OK", """
                {"id": "0123456789abcdef", "name": "/web", "pids_stats": {"current": 3},
                 "cpu_stats": {"cpu_usage": {"total_usage": 300}, "system_cpu_usage": 3000, "online_cpus": 2},
                 "precpu_stats": {"cpu_usage": {"total_usage": 100}, "system_cpu_usage": 2000},
                 "memory_stats": {"usage": 3145728, "limit": 10485760, "stats": {"total_inactive_file": 1048576}},
                 "networks": {"eth0": {"rx_bytes": 1500, "tx_bytes": 20}},
                 "blkio_stats": {"io_service_bytes_recursive": [{"op": "Read", "value": 4096}]}}""".replace("\n", " "));

        assertThat(docker("", "stats", "--no-stream", "web").out()).isEqualTo("""
                CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O       BLOCK I/O    PIDS
                0123456789ab   web       40.00%    2MiB / 10MiB        20.00%    1.5kB / 20B   4.1kB / 0B   3
                """);
        assertThat(docker("", "stats", "--no-stream", "none").err())
                .isEqualTo("Error response from daemon: page not found\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ru                     | run\tCreate and run a new container from an image; :4",
                "logs ''                | web; old; :4",
                "start ''               | old; :4",
                "stop ''                | web; :4",
                "run ''                 | busybox:latest; :4",
                "run --rm busybox ''    | :4",
                "run --pull ''          | always; missing; never; :4",
                "network rm ''          | bridge; :4",
                "ps --al                | --all\tShow all containers (default shows just running); :4",
                "ps --format ''         | :0",
                "--context ''           | default; :4",
                "context use ''         | default\tcurrent; :4",
                "cp ''                  | :0",
                "completion b           | bash\tGenerate the autocompletion script for bash; "
                        + "fish\tGenerate the autocompletion script for fish; "
                        + "powershell\tGenerate the autocompletion script for powershell; "
                        + "zsh\tGenerate the autocompletion script for zsh; :4"
            })
    void completesWordsWithLiveNames(String words, String offers) {
        engine.answer("GET /containers/json", "200 OK", """
                        [{"Names": ["/web", "/other/alias"], "State": "running"}%s]""".formatted(
                                words.startsWith("stop") ? "" : ", {\"Names\": [\"/old\"], \"State\": \"exited\"}"))
                .answer("GET /images/json", "200 OK", """
                        [{"RepoTags": ["busybox:latest"]}, {"RepoTags": ["<none>:<none>"]}]""")
                .answer("GET /networks", "200 OK", """
                        [{"Name": "bridge"}]""");
        var line = new java.util.ArrayList<>(List.of("__complete"));
        for (String word : words.strip().split(" +")) {
            line.add(word.equals("''") ? "" : word);
        }

        var result = docker("", line.toArray(String[]::new));

        assertThat(result.out()).isEqualTo(offers.replace("; ", "\n") + "\n");
        assertThat(result.err()).startsWith("Completion ended with directive: ShellCompDirective");
        assertThat(result.status()).isZero();
    }

    @Test
    void bashIsOfferedWhatTheClientAnswers() throws Exception {
        String script = docker("", "completion", "bash").out();
        String check = """
                docker() { printf '%s\\n' "run\tCreate it" "rm\tRemove it" ps none ":4"; }
                compopt() { :; }
                COMP_WORDBREAKS=' =:'
                COMP_WORDS=(docker r); COMP_CWORD=1; COMP_LINE='docker r'; COMP_POINT=8
                _docker_offers
                echo "${COMPREPLY[@]}"
                # readline takes this apart
                COMP_WORDS=(docker run --network = no); COMP_CWORD=4; COMP_LINE='docker run --network=no'; COMP_POINT=23
                _docker_offers
                echo "${COMPREPLY[@]}"
                """;
        Process bash = new ProcessBuilder("bash", "-c", script + check).start();

        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(out).isEqualTo("run rm\nnone\n");
    }

    private void plugin(String name, String metadata, String body) throws IOException {
        Path program = config.resolve("cli-plugins").resolve("docker-" + name);
        Files.createDirectories(config.resolve("cli-plugins"));
        Files.writeString(
                program,
                "#!/bin/sh\nif [ \"$1\" = docker-cli-plugin-metadata ]; then echo '" + metadata + "'; exit 0; fi\n"
                        + body + "\n");
        Files.setPosixFilePermissions(program, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void pluginsRunWithTheWholeCommandLine() throws IOException {
        plugin("hello", """
                {"SchemaVersion":"0.1.0","Vendor":"Me","Version":"v1","ShortDescription":"Says hello"}""", "echo \"$@\" > " + config.resolve("seen") + "; exit 7");
        plugin("bad", "{\"SchemaVersion\":\"0.1.0\"}", "exit 0");

        assertThat(docker("", "-D", "hello", "you", "--flag").status()).isEqualTo(7);
        assertThat(config.resolve("seen")).hasContent("-D hello you --flag\n");
        assertThat(docker("", "bad").err()).startsWith("docker: unknown command: docker bad\n");
        assertThat(docker("", "--help").out())
                .contains("\n  hello*      Says hello\n")
                .contains("\nInvalid Plugins:\n  bad         plugin metadata does not define a vendor\n");
        assertThat(docker("", "__complete", "hel").out())
                .isEqualTo("hello\tSays hello\nhelp\tHelp about the command\n:4\n");
    }

    @Test
    void diskUsageInDetailNamesEachThing() {
        engine.answer("GET /system/df", "200 OK", """
                {"Images": [{"Id": "sha256:0123456789abcdef", "RepoTags": ["box:latest"], "Created": 0, "Size": 2000000,
                             "SharedSize": 500000, "Containers": 1}],
                 "Containers": [{"Id": "fedcba9876543210", "Image": "box", "Names": ["/web"], "Command": "true",
                                 "State": "exited", "Status": "Exited (0)", "Created": 0, "SizeRw": 12}],
                 "Volumes": [{"Name": "data", "UsageData": {"Size": 1500, "RefCount": 2}}], "BuildCache": []}""");

        assertThat(docker("", "system", "df", "-v").out().lines().map(String::stripTrailing))
                .contains(
                        "REPOSITORY   TAG       IMAGE ID       CREATED        SIZE      SHARED SIZE   UNIQUE SIZE   CONTAINERS",
                        "Local Volumes space usage:",
                        "VOLUME NAME   LINKS     SIZE",
                        "data          2         1.5kB",
                        "Build cache usage: 0B")
                .anyMatch(line -> line.matches("box +latest +0123456789ab +\\d+ years ago +2MB +500kB +1.5MB +1"))
                .anyMatch(line -> line.matches("fedcba987654 +box +\"true\" +0 +12B .*web"));
        assertThat(docker("", "system", "df", "-v", "--format", "{{range .Volumes}}{{.Name}} {{.Size}}{{end}}")
                        .out())
                .isEqualTo("data 1.5kB");
    }
}
