package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the containers, images, volumes, networks and the system answers as the API's description says. */
@ExtendWith(Stage.Extension.class)
class ApiDescriptionTest {
    /** Refused with 501 as docs/compatibility-engine.md says. */
    private static final Set<String> NOT_BUILT =
            Set.of("GET /containers/{id}/attach/ws", "GET /images/{name}/attestations", "PUT /volumes/{name}");

    private static final Pattern ID = Pattern.compile("\"Id\":\"([^\"]+)\"");
    private static final String SLEEPER =
            "{\"Image\":\"busybox:latest\",\"Cmd\":[\"sleep\",\"1000\"],\"Tty\":true,\"Labels\":{\"api\":\"test\"},"
                    + "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]},\"ExposedPorts\":{\"80/tcp\":{}},"
                    + "\"HostConfig\":{\"Memory\":67108864,\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"apivol\",\"Target\":\"/v\"}],"
                    + "\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":2},\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"\"}]}}}";

    private final Stage stage;
    private final ApiDescription description = ApiDescription.read();
    private final Set<String> asked = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    @TempDir
    Path directory;

    ApiDescriptionTest(Stage stage) {
        this.stage = stage;
    }

    private String call(String operation, String path) throws IOException {
        return call(operation, path, "application/json", new byte[0]);
    }

    private String json(String operation, String path, String body) throws IOException {
        return call(operation, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request and holds the answer against the description. Answers the body. */
    private String call(String operation, String path, String type, byte[] body) throws IOException {
        asked.add(operation);
        var answer = answer(operation.substring(0, operation.indexOf(' ')), path, type, body);
        // streams of JSON are described as one of their objects
        boolean stream = operation.equals("GET /events") || operation.equals("GET /containers/{id}/stats");
        problems.addAll(description.problems(operation, answer.status(), stream ? answer.first() : answer.text()));
        return answer.text();
    }

    private record Answer(int status, String text) {
        String first() {
            return text.lines().findFirst().orElse("{}");
        }
    }

    private Answer answer(String method, String path, String type, byte[] body) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes((method + " " + path + " HTTP/1.0\r\nHost: x\r\nContent-Type: " + type + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(stage.engine.socket()));
            var buffer = ByteBuffer.wrap(out.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Answer(
                    Integer.parseInt(answer.split(" ", 3)[1]), answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private static String id(String answer) {
        var id = ID.matcher(answer);
        assertThat(id.find()).as(answer).isTrue();
        return id.group(1);
    }

    @Test
    void everyAnswerIsAsDescribed() throws IOException {
        try {
            system();
            networksAndVolumes();
            containers();
            images();
        } finally {
            for (String leftOver : List.of(
                    "/containers/apitest?force=1&v=1",
                    "/containers/apirun?force=1",
                    "/images/apiimage:1?force=1",
                    "/images/apicommit:1?force=1",
                    "/networks/apinet",
                    "/volumes/apivol")) {
                new EngineCalls(stage.engine.socket(), "1.55").call("DELETE", leftOver);
            }
        }
        assertThat(problems).isEmpty();
        var rest = description.operations();
        rest.removeAll(asked);
        assertThat(rest).isEqualTo(NOT_BUILT);
    }

    private void system() throws IOException {
        for (String path : List.of("/info", "/version", "/_ping")) {
            call("GET " + path, path);
        }
        call("HEAD /_ping", "/_ping");
        call("GET /system/df", "/system/df?verbose=1");
        call("GET /system/df", "/system/df?type=container&type=image&verbose=1");
        call("GET /events", "/events?since=1&until=2");
        call("GET /events", "/events?since=1&until=" + (System.currentTimeMillis() / 1000));
        call("GET /events", "/events?since=nonsense");
        json("POST /auth", "/auth", "{\"serveraddress\":\"127.0.0.1:5000\"}");
    }

    private void networksAndVolumes() throws IOException {
        json("POST /networks/create", "/networks/create", "{\"Name\":\"apinet\",\"Labels\":{\"a\":\"b\"}}");
        json("POST /networks/create", "/networks/create", "{\"Name\":\"\"}");
        call("GET /networks", "/networks");
        call("GET /networks/{id}", "/networks/apinet");
        call("GET /networks/{id}", "/networks/bridge");
        call("GET /networks/{id}", "/networks/nowhere");
        json("POST /volumes/create", "/volumes/create", "{\"Name\":\"apivol\",\"Labels\":{\"a\":\"b\"}}");
        call("GET /volumes", "/volumes");
        call("GET /volumes/{name}", "/volumes/apivol");
        call("GET /volumes/{name}", "/volumes/nowhere");
        call("POST /volumes/prune", "/volumes/prune?filters=%7B%22label%22%3A%5B%22nobody%22%5D%7D");
        call("POST /networks/prune", "/networks/prune?filters=%7B%22label%22%3A%5B%22nobody%22%5D%7D");
        call("DELETE /volumes/{name}", "/volumes/nowhere");
    }

    private void containers() throws IOException {
        json("POST /containers/create", "/containers/create?name=apitest", SLEEPER);
        json("POST /containers/create", "/containers/create?name=apitest", SLEEPER);
        json("POST /containers/create", "/containers/create", "{\"Image\":\"nothing:here\"}");
        String one = "/containers/apitest";
        call("GET /containers/{id}/json", one + "/json?size=1");
        call("POST /containers/{id}/start", one + "/start");
        call("POST /containers/{id}/start", one + "/start");
        json("POST /networks/{id}/connect", "/networks/apinet/connect", "{\"Container\":\"apitest\"}");
        call("GET /networks/{id}", "/networks/apinet");
        call("GET /containers/json", "/containers/json?all=1&size=1");
        call("GET /containers/json", "/containers/json?filters=%7B%22nonsense%22%3A%5B%22x%22%5D%7D");
        call("GET /containers/{id}/json", one + "/json");
        call("GET /containers/{id}/json", "/containers/nobody/json");
        call("GET /containers/{id}/top", one + "/top");
        call("GET /containers/{id}/stats", one + "/stats?stream=0&one-shot=1");
        call("GET /containers/{id}/logs", one + "/logs?stdout=1");
        call("GET /containers/{id}/changes", one + "/changes");
        call("POST /containers/{id}/resize", one + "/resize?h=20&w=30");
        json("POST /containers/{id}/update", one + "/update", "{\"PidsLimit\":100}");
        call("POST /containers/{id}/pause", one + "/pause");
        call("POST /containers/{id}/unpause", one + "/unpause");
        exec(one);
        files(one);
        versions();
        json("POST /networks/{id}/disconnect", "/networks/apinet/disconnect", "{\"Container\":\"apitest\"}");
        call("DELETE /networks/{id}", "/networks/apinet");
        call("POST /containers/{id}/restart", one + "/restart?t=0");
        call("POST /containers/{id}/kill", one + "/kill?signal=WINCH");
        call("DELETE /containers/{id}", one);
        call("POST /containers/{id}/stop", one + "/stop?t=0");
        call("POST /containers/{id}/stop", one + "/stop?t=0");
        call("POST /containers/{id}/kill", one + "/kill");
        call("POST /containers/{id}/wait", one + "/wait");
        call("POST /containers/{id}/wait", one + "/wait?condition=nonsense");
        call("POST /containers/{id}/attach", one + "/attach?logs=1&stdout=1");
        call("POST /containers/{id}/rename", one + "/rename?name=apirun");
        call("POST /containers/{id}/rename", "/containers/apirun/rename?name=apitest");
        json("POST /commit", "/commit?container=apitest&repo=apicommit&tag=1", "");
        assertThat(call("GET /images/json", "/images/json?shared-size=1")).containsPattern("\"SharedSize\":[1-9]");
        call("GET /containers/{id}/export", "/containers/nobody/export");
        call("POST /containers/prune", "/containers/prune?filters=%7B%22label%22%3A%5B%22nobody%22%5D%7D");
        call("DELETE /containers/{id}", one + "?v=1");
        call("DELETE /containers/{id}", one);
    }

    private void versions() throws IOException {
        for (String operation : VersionHistory.operations()) {
            String path = operation
                    .substring("GET ".length())
                    .replace("{id}", "apitest")
                    .replace("{name}", "busybox")
                    .replace("/containers/json", "/containers/json?all=1")
                    .replace(
                            "/events",
                            "/events?since=1&until=" + System.currentTimeMillis() / 1000 + "&filters="
                                    + "%7B%22container%22%3A%5B%22apitest%22%5D%7D");
            problems.addAll(VersionHistory.problems(
                    description,
                    operation,
                    version -> answer("GET", "/v1." + version + path, "application/json", new byte[0])
                            .first()));
        }
    }

    private void exec(String one) throws IOException {
        String wish = "{\"Cmd\":[\"true\"],\"AttachStdout\":true,\"Tty\":true}";
        String id = id(json("POST /containers/{id}/exec", one + "/exec", wish));
        json("POST /containers/{id}/exec", "/containers/nobody/exec", wish);
        json("POST /exec/{id}/start", "/exec/" + id + "/start", "{\"Detach\":true}");
        call("GET /exec/{id}/json", "/exec/" + id + "/json");
        call("GET /exec/{id}/json", "/exec/nobody/json");
        call("POST /exec/{id}/resize", "/exec/nobody/resize?h=1&w=1");
    }

    private void files(String one) throws IOException {
        call("HEAD /containers/{id}/archive", one + "/archive?path=/etc");
        call("GET /containers/{id}/archive", one + "/archive?path=/etc/hostname");
        call("GET /containers/{id}/archive", one + "/archive?path=/nowhere");
        Path file = Files.writeString(directory.resolve("file"), "text");
        Path tar = directory.resolve("file.tar");
        Command.of(
                        "tar",
                        "-C",
                        directory.toString(),
                        "-cf",
                        tar.toString(),
                        file.getFileName().toString())
                .run()
                .ok();
        byte[] archive = Files.readAllBytes(tar);
        call("PUT /containers/{id}/archive", one + "/archive?path=/tmp", "application/x-tar", archive);
        call("PUT /containers/{id}/archive", one + "/archive?path=/nowhere", "application/x-tar", archive);
        call("POST /images/create", "/images/create?fromSrc=-&repo=apiimage&tag=1", "application/x-tar", archive);
    }

    private void images() throws IOException {
        call("GET /images/json", "/images/json?manifests=1");
        call("GET /images/{name}/json", "/images/busybox/json?manifests=1");
        call("GET /images/{name}/json", "/images/nothing/json");
        call("GET /images/{name}/history", "/images/busybox/history");
        call("POST /images/create", "/images/create?fromImage=nothing&tag=here");
        call("POST /images/{name}/tag", "/images/apiimage:1/tag?repo=127.0.0.1:5000/apiimage&tag=2");
        call("POST /images/{name}/tag", "/images/apiimage:1/tag?repo=UPPER");
        call("POST /images/{name}/push", "/images/127.0.0.1:5000/apiimage/push?tag=2");
        call("GET /distribution/{name}/json", "/distribution/127.0.0.1:5000/apiimage:2/json");
        call("DELETE /images/{name}", "/images/127.0.0.1:5000/apiimage:2");
        call("DELETE /images/{name}", "/images/nothing");
        call("GET /images/get", "/images/get?names=apiimage:1");
        String tar = call("GET /images/{name}/get", "/images/apiimage:1/get");
        call(
                "POST /images/load",
                "/images/load?quiet=1",
                "application/x-tar",
                tar.getBytes(StandardCharsets.ISO_8859_1));
        call("POST /images/prune", "/images/prune?filters=%7B%22label%22%3A%5B%22nobody%22%5D%7D");
        call("GET /images/search", "/images/search?term=127.0.0.1:5000/x");
    }
}
