package io.drydock.docker.engine.log;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The container whose lines the tests log. */
final class Infos {
    /** When it was made, and when its lines were written. */
    static final Instant TIME = Instant.parse("2024-05-06T07:08:09.120Z");

    static final String ID = "0123456789abcdef".repeat(4);

    private Infos() {}

    static LogInfo web(String driver, Map<String, String> options, Path directory) {
        return new LogInfo(
                driver,
                options,
                ID,
                "web",
                "sha256:" + ID,
                "shop/web:1",
                TIME,
                List.of("serve", "--fast"),
                Map.of("team", "blue", "other", "x"),
                List.of("REGION=eu", "PATH=/bin"),
                directory);
    }
}
