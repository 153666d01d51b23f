package io.drydock.docker.cli.copy;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.EngineException;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the engine tells of a path in a container, in a header.
 *
 * @param mode Go's {@code fs.FileMode}
 */
record PathStat(long mode, String linkTarget) {
    static final String HEADER = "x-docker-container-path-stat";
    private static final long DIRECTORY = 1L << 31;
    private static final long LINK = 1L << 27;
    private static final long DEVICE = 1L << 26;
    private static final long IRREGULAR = 1L << 19;

    static PathStat of(Answer answer) {
        byte[] json = Base64.getDecoder().decode(answer.header(HEADER));
        Object stat = Json.parse(new String(json, StandardCharsets.UTF_8));
        return new PathStat(Json.number(stat, "mode"), Json.text(stat, "linkTarget"));
    }

    /** Null if the engine refuses, for whatever reason: the copy itself says why. */
    static @Nullable PathStat ask(Cli cli, String container, String path) throws IOException {
        try (Answer answer = cli.engine()
                .send(Request.head(Api.container(container) + "/archive").query("path", path))) {
            return of(answer);
        } catch (EngineException e) {
            return null;
        }
    }

    boolean isDirectory() {
        return (mode & DIRECTORY) != 0;
    }

    boolean isLink() {
        return (mode & LINK) != 0;
    }

    /** Why nothing can be copied onto it, or empty. */
    String refusal() {
        if ((mode & DEVICE) != 0) {
            return "got a device";
        }
        return (mode & IRREGULAR) != 0 ? "got an irregular file" : "";
    }

    /** The link's target, seen from the directory of the link. */
    String target(String link) {
        return linkTarget.startsWith("/") ? linkTarget : PathText.join(PathText.directoryOf(link), linkTarget);
    }
}
