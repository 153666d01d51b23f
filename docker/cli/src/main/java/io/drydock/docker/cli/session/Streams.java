package io.drydock.docker.cli.session;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard input, output and error of one command, and which of them are terminals. */
public record Streams(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean inTerminal,
        boolean outTerminal,
        boolean errTerminal) {

    /** Those of this process. Output is buffered: flush it. */
    public static Streams ofProcess() {
        return new Streams(
                new FileInputStream(FileDescriptor.in),
                print(new FileOutputStream(FileDescriptor.out)),
                print(new FileOutputStream(FileDescriptor.err)),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2));
    }

    private static PrintStream print(FileOutputStream out) {
        return new PrintStream(new BufferedOutputStream(out, 8192), false, StandardCharsets.UTF_8);
    }

    /** By name, because asking the terminal itself needs the foreign-function interface, which is slow to start. */
    private static boolean isTerminal(int fd) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
