package io.drydock.containerd.shim;

import io.drydock.containerd.shim.log.ShimLogger;
import io.drydock.linux.Linux;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program {@code containerd-shim-runc-v2}: {@code start} and {@code delete} for containerd, {@code serve} for itself. */
public final class Main {
    private Main() {}

    /** Runs one verb; containerd reads both standard streams, so nothing but the answer is printed when it succeeds. */
    public static void main(String[] args) throws InterruptedException {
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.version()) {
                print(version());
            } else if (arguments.info()) {
                print(new InfoCommand(program().resolveSibling("runc"))
                        .run(System.in.readAllBytes())
                        .toByteArray());
            } else {
                run(arguments);
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("containerd-shim-runc-v2: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        Linux linux = Linux.system();
        switch (arguments.verb()) {
            case "serve" -> {
                Files.writeString(Path.of("/proc/self/comm"), "containerd-shim");
                if (arguments.debug()) {
                    System.setProperty(ShimLogger.DEBUG_PROPERTY, "true");
                }
                new ServeCommand(linux).run(arguments, System.getenv());
                System.exit(0);
            }
            case "start" -> {
                Dialect dialect = Dialect.of(System.in.readAllBytes(), arguments, System.getenv());
                String address = new StartCommand(linux, program()).run(arguments, System.getenv());
                print(dialect.answer(address));
            }
            case "delete" -> print(new DeleteCommand(linux).run(arguments).toByteArray());
            default -> throw new IllegalArgumentException("unknown verb \"" + arguments.verb() + "\"");
        }
    }

    private static Path program() throws IOException {
        String home = System.getProperty("drydock.home");
        if (home == null) {
            throw new IOException("the system property drydock.home is not set");
        }
        return Path.of(home, "bin", "containerd-shim-runc-v2");
    }

    private static byte[] version() {
        return """
                containerd-shim-runc-v2:
                  Version:  0.1.0
                  Revision: drydock
                  Go version: none, this is Java %s

                """.formatted(System.getProperty("java.version")).getBytes(StandardCharsets.UTF_8);
    }

    private static void print(byte[] answer) throws IOException {
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write(answer);
        }
    }
}
