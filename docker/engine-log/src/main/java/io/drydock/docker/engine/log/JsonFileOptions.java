package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.util.Map;

/**
 * The options of the json-file driver.
 *
 * @param maxSize bytes after which a file is rotated; -1 for never
 * @param maxFile how many files are kept, the one being written among them; at least 1
 * @param compress whether rotated files are compressed
 */
public record JsonFileOptions(long maxSize, int maxFile, boolean compress) {

    /**
     * Reads the options of a container.
     *
     * @throws EngineException INVALID with the original's words
     */
    public static JsonFileOptions parse(Map<String, String> options) {
        long maxSize = -1;
        int maxFile = 1;
        boolean compress = false;
        for (var option : options.entrySet()) {
            String value = option.getValue();
            switch (option.getKey()) {
                case "max-size" -> maxSize = value.equals("-1") ? -1 : positive(Sizes.parse(value));
                case "max-file" -> maxFile = count(value);
                case "compress" -> compress = bool(value);
                case "mode", "max-buffer-size", "labels", "labels-regex", "env", "env-regex", "tag" -> {
                    if (!value.isEmpty() && !(option.getKey().equals("mode") && value.equals("blocking"))) {
                        throw EngineException.notImplemented(
                                "log opt '" + option.getKey() + "' is not supported by this engine yet");
                    }
                }
                default ->
                    throw EngineException.invalid("unknown log opt '" + option.getKey() + "' for json-file log driver");
            }
        }
        if (maxSize == -1 && maxFile > 1) {
            throw EngineException.invalid("max-file cannot be set without max-size");
        }
        return new JsonFileOptions(maxSize, maxFile, compress && maxFile > 1);
    }

    private static long positive(long size) {
        if (size <= 0) {
            throw EngineException.invalid("max-size must be a positive number");
        }
        return size;
    }

    private static int count(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
        throw EngineException.invalid("max-file cannot be less than 1");
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw EngineException.invalid("strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
        };
    }
}
