package io.drydock.docker.cli.session;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import io.drydock.linux.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes an answer's body to a file or to standard output. */
public final class Download {
    private Download() {}

    /**
     * {@code output} is empty for standard output; a file appears only when all of it is there.
     *
     * @param failure what stands before the reason if the file cannot be written
     */
    public static void to(Cli cli, Request request, String output, String failure) throws IOException, CliException {
        Path file = Path.of(output).toAbsolutePath();
        String refusal = output.isEmpty() ? "" : refusal(file);
        if (!refusal.isEmpty()) {
            throw new CliException(failure + ": " + refusal);
        }
        try (Answer answer = cli.engine().send(request)) {
            if (output.isEmpty()) {
                copy(answer.body(), cli.streams().out());
                return;
            }
            Path temporary = file.resolveSibling(
                    ".docker_temp_" + ProcessHandle.current().pid());
            try {
                Files.deleteIfExists(temporary);
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    copy(answer.body(), out);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
    }

    private static String refusal(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null || Files.isDirectory(file)) {
            return "cannot write to a directory";
        }
        if (!Files.exists(parent)) {
            return "invalid output path: stat " + parent + ": no such file or directory";
        }
        if (!Files.exists(file) || Files.isRegularFile(file)) {
            return "";
        }
        return switch ((int) Files.getAttribute(file, "unix:mode") & Mode.TYPE_MASK) {
            case Mode.CHAR_DEVICE -> "cannot write to a character device file";
            case Mode.BLOCK_DEVICE -> "cannot write to a block device file";
            case Mode.FIFO -> "cannot write to a named pipe file";
            default -> "cannot write to a socket";
        };
    }

    /**
     * Refuses a path whose directory does not exist, and one that is a device or a socket.
     *
     * @throws CliException if nothing can be written there
     */
    public static void checkOutput(String path) throws CliException {
        Path file = Path.of(path);
        Path parent = file.normalize().getParent();
        if (parent != null && !Files.exists(parent)) {
            throw new CliException("invalid output path: directory \"" + parent + "\" does not exist");
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new CliException(
                    "invalid output path: \"" + path + "\" must be a directory or a regular file: got a device");
        }
    }

    public static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[65536];
        for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, n);
        }
        out.flush();
    }
}
