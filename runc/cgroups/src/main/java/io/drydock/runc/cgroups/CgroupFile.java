package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and writes the small files of a control group; errors name the file and the value. */
final class CgroupFile {
    private CgroupFile() {}

    static void write(Path file, String value) throws IOException {
        FileCalls files = Linux.system().files();
        try (Fd fd = files.open(file.toString(), O.WRONLY)) {
            files.write(fd, ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
        } catch (LinuxException e) {
            throw new IOException("failed to write \"" + value + "\" to " + file + ": " + Errno.describe(e.errno()), e);
        }
    }

    /** Whether a {@link #write} ended with that error of the kernel. */
    static boolean failedWith(IOException e, int errno) {
        return e.getCause() instanceof LinuxException failure && failure.errno() == errno;
    }

    /** Whether we lack the right, or the file system is mounted so that nobody has it. */
    static boolean isForbidden(IOException e) {
        return e instanceof AccessDeniedException
                || e instanceof FileSystemException f && "Read-only file system".equals(f.getReason())
                || failedWith(e, Errno.EACCES)
                || failedWith(e, Errno.EPERM)
                || failedWith(e, Errno.EROFS);
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
