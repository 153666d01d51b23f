package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --use-api-socket}: the container gets the engine's socket, and what we know to log in to registries with. */
final class ApiSocket {
    private static final String SOCKET = "/var/run/docker.sock";
    private static final String DIRECTORY = "/run/secrets/docker";

    private ApiSocket() {}

    /** Adds the socket to the body of a create request; answers what must be copied into the container once it exists. */
    static Map<String, Object> mount(Cli cli, Map<String, Object> body) throws IOException, CliException {
        Map<String, Object> host = Json.map(body.get("HostConfig"));
        var mounts = new ArrayList<>(Json.list(host.get("Mounts")));
        mounts.add(Map.of("Type", "bind", "Source", SOCKET, "Target", SOCKET, "BindOptions", Map.of()));
        host.put("Mounts", mounts);
        List<Object> environment = new ArrayList<>(Json.list(body.get("Env")));
        if (environment.stream().anyMatch(e -> e.toString().startsWith("DOCKER_CONFIG="))) {
            return Map.of();
        }
        Map<String, Object> auths = Credentials.all(cli);
        if (!auths.isEmpty()) {
            environment.add("DOCKER_CONFIG=" + DIRECTORY);
            body.put("Env", environment);
        }
        return auths;
    }

    /** Writes the client's configuration into a new container. */
    static void inject(Cli cli, String id, Map<String, Object> auths) throws IOException {
        var config = new LinkedHashMap<String, Object>();
        config.put("auths", auths);
        byte[] json = Json.indent(Json.write(config), "", "\t").getBytes(StandardCharsets.UTF_8);
        var archive = new ByteArrayOutputStream();
        try (var tar = new TarWriter(archive)) {
            tar.put(TarEntry.file(DIRECTORY + "/config.json", 0600, json.length, 0), json);
            tar.finish();
        }
        Request request = Request.put(Api.container(id) + "/archive")
                .query("noOverwriteDirNonDir", "true")
                .query("path", "/");
        Api.send(cli, request.stream("application/x-tar", out -> out.write(archive.toByteArray())));
    }
}
