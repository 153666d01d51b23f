package io.drydock.docker.engine.log;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Whose log it is and how it is to be kept.
 *
 * @param driver {@code --log-driver}
 * @param options {@code --log-opt}
 * @param id the container's, 64 digits
 * @param name the container's, without a slash
 * @param imageId with its algorithm
 * @param imageName as the user named it
 * @param created when the container was made
 * @param command what it runs
 * @param labels the container's
 * @param env the container's, {@code NAME=value} each
 * @param directory where files are kept
 */
public record LogInfo(
        String driver,
        Map<String, String> options,
        String id,
        String name,
        String imageId,
        String imageName,
        Instant created,
        List<String> command,
        Map<String, String> labels,
        List<String> env,
        Path directory) {

    String option(String key, String otherwise) {
        return options.getOrDefault(key, otherwise);
    }

    String shortId() {
        return id.substring(0, Math.min(id.length(), 12));
    }

    String shortImageId() {
        String digits = imageId.substring(imageId.indexOf(':') + 1);
        return digits.substring(0, Math.min(digits.length(), 12));
    }

    String commandLine() {
        return String.join(" ", command);
    }
}
