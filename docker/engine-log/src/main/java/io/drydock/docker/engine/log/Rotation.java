package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.util.Map;

/**
 * How the files of a log are rotated.
 *
 * @param maxSize bytes after which a file is rotated; -1 for never
 * @param maxFile how many files are kept, the one being written among them; at least 1
 * @param compress whether rotated files are compressed
 */
public record Rotation(long maxSize, int maxFile, boolean compress) {

    /** What the driver local does unless told otherwise, and the cache beside a driver that sends lines away. */
    static final Rotation LOCAL = new Rotation(20_000_000, 5, true);

    /** What the driver json-file does unless told otherwise: one file without a limit. */
    static final Rotation NONE = new Rotation(-1, 1, false);

    /**
     * Reads {@code max-size}, {@code max-file} and {@code compress}.
     *
     * @param prefix of their names
     * @param defaults for those that are not there
     * @throws EngineException INVALID with the original's words
     */
    static Rotation parse(Map<String, String> options, String prefix, Rotation defaults) {
        String size = options.get(prefix + "max-size");
        String files = options.get(prefix + "max-file");
        String packed = options.get(prefix + "compress");
        long maxSize = size == null ? defaults.maxSize : size.equals("-1") ? -1 : positive(Sizes.parse(size));
        int maxFile = files == null ? defaults.maxFile : count(files);
        boolean compress = packed == null ? defaults.compress : bool(packed);
        if (maxSize == -1 && maxFile > 1) {
            throw EngineException.invalid("max-file cannot be set without max-size");
        }
        return new Rotation(maxSize, maxFile, compress && maxFile > 1);
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

    static boolean bool(String text) {
        return switch (text) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw EngineException.invalid("strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
        };
    }
}
