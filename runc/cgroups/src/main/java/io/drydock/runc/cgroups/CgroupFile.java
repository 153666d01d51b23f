package io.drydock.runc.cgroups;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads and writes the small files of a control group; errors name the file and the value. */
final class CgroupFile {
    private static final OpenOption[] EXISTING = {StandardOpenOption.WRITE};

    private CgroupFile() {}

    static void write(Path file, String value) throws IOException {
        try {
            Files.write(file, value.getBytes(StandardCharsets.US_ASCII), EXISTING);
        } catch (IOException e) {
            throw new IOException("failed to write \"" + value + "\" to " + file + ": " + reason(e), e);
        }
    }

    /** The kernel's words without the file's name, which Java puts in front. */
    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String message = String.valueOf(e.getMessage());
        int colon = message.lastIndexOf(": ");
        String words = colon < 0 ? message : message.substring(colon + 2);
        return words.isEmpty() ? words : Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }

    static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** Empty if the file or its group does not exist, or is removed while it is read. */
    static Optional<String> readIfExists(Path file) throws IOException {
        try {
            return Optional.of(read(file));
        } catch (IOException e) {
            if (isGone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A file that was open when its group was removed answers ENODEV, which Java has no exception of its own for. */
    static boolean isGone(IOException e) {
        return e instanceof NoSuchFileException
                || String.valueOf(e.getMessage()).endsWith("No such device");
    }
}
