package io.drydock.docker.cli.session;

import io.drydock.docker.cli.http.Answer;
import io.drydock.docker.cli.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes an answer's body to a file or to standard output. */
public final class Download {
    private Download() {}

    /** {@code output} is empty for standard output; a file appears only when all of it is there. */
    public static void to(Cli cli, Request request, String output) throws IOException, CliException {
        Path file = Path.of(output).toAbsolutePath();
        if (!output.isEmpty()) {
            Path parent = file.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new CliException("failed to save image: invalid output path: directory \""
                        + (parent == null ? "" : parent) + "\" does not exist");
            }
        }
        try (Answer answer = cli.engine().send(request)) {
            if (output.isEmpty()) {
                copy(answer.body(), cli.streams().out());
                return;
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                try (OutputStream out = Files.newOutputStream(file)) {
                    copy(answer.body(), out);
                }
                return;
            }
            Path temporary = file.resolveSibling(
                    ".docker_temp_" + ProcessHandle.current().pid());
            try {
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    copy(answer.body(), out);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
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
