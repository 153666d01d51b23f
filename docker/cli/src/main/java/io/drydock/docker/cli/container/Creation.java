package io.drydock.docker.cli.container;

import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.image.Platform;
import io.drydock.docker.cli.image.Pull;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Terminal;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Creates a container, pulling its image if need be. */
final class Creation {
    private Creation() {}

    /** The new container's id. */
    static String create(Cli cli, FlagSet flags, Map<String, Object> body) throws IOException, CliException {
        String pull = flags.text("pull");
        String image = Json.text(body, "Image");
        String cidfile = flags.text("cidfile");
        if (!pull.equals("always") && !pull.equals("missing") && !pull.equals("never")) {
            throw new CliException(
                    "invalid pull option: '" + pull + "': must be one of \"always\", \"missing\" or \"never\"");
        }
        if (!cidfile.isEmpty() && Files.exists(Path.of(cidfile))) {
            throw new CliException(
                    "container ID file found, make sure the other container isn't running or delete " + cidfile);
        }
        String platform = flags.changed("platform")
                ? flags.text("platform")
                : cli.environment().getOrDefault("DOCKER_DEFAULT_PLATFORM", "");
        if (!platform.isEmpty()) {
            try {
                Platform.parse(platform);
            } catch (CliException e) {
                throw new CliException("error parsing specified platform: " + e.getMessage());
            }
        }
        Map<String, Object> auths = flags.bool("use-api-socket") ? ApiSocket.mount(cli, body) : Map.of();
        if (flags.bool("tty") && cli.streams().outTerminal()) {
            int[] size = Terminal.size();
            Json.map(body.get("HostConfig")).put("ConsoleSize", List.of(size[0], size[1]));
        }
        if (pull.equals("always")) {
            Pull.image(cli, image, platform, flags.bool("quiet"), cli.streams().err());
        }
        Map<String, Object> answer;
        try {
            answer = Api.object(cli, request(flags, body, platform));
        } catch (EngineException e) {
            boolean noImage =
                    e.status() == 404 && String.valueOf(e.getMessage()).contains("No such image");
            if (!noImage || !pull.equals("missing")) {
                throw e;
            }
            if (!flags.bool("quiet")) {
                cli.error("Unable to find image '" + Pull.familiar(image) + "' locally");
            }
            Pull.image(cli, image, platform, flags.bool("quiet"), cli.streams().err());
            answer = Api.object(cli, request(flags, body, platform));
        }
        String id = Json.text(answer, "Id");
        String failure = "";
        if (!auths.isEmpty()) {
            try {
                ApiSocket.inject(cli, id, auths);
            } catch (EngineException e) {
                failure =
                        "injecting docker config.json into container failed: copying config.json into container failed: "
                                + "Error response from daemon: " + e.getMessage();
            }
        }
        Api.warnings(cli, answer);
        if (!failure.isEmpty()) {
            cli.error("WARNING: " + failure);
        }
        if (!cidfile.isEmpty()) {
            Files.writeString(Path.of(cidfile), id);
        }
        return id;
    }

    private static Request request(FlagSet flags, Map<String, Object> body, String platform) {
        return Request.post("/containers/create")
                .queryIf(flags.changed("name"), "name", flags.text("name"))
                .queryIf(!platform.isEmpty(), "platform", platform)
                .json(body);
    }
}
