package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/** One container's directory, as package-info draws it. */
final class StateDirectory {
    private static final String SOCKET = "keeper.sock";
    private static final String NOTIFY = "notify";

    private final Linux linux;
    private final Path path;

    private StateDirectory(Linux linux, Path path) {
        this.linux = linux;
        this.path = path;
    }

    static void checkId(String id) throws RuntimeFailure {
        boolean valid = !id.isEmpty() && !id.equals(".") && !id.equals("..") && id.length() <= 1024;
        for (int i = 0; i < id.length() && valid; i++) {
            char c = id.charAt(i);
            valid = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_+.-".indexOf(c) >= 0;
        }
        if (!valid) {
            throw new RuntimeFailure(RuntimeFailure.Kind.INVALID, "invalid container ID format: " + id);
        }
    }

    static StateDirectory create(Linux linux, Path root, String id) throws IOException {
        checkId(id);
        Path path = root.resolve(id);
        Files.createDirectories(root);
        try {
            linux.files().mkdirat(Fd.CWD, path.toString(), 0711);
        } catch (LinuxException e) {
            if (e.errno() == Errno.EEXIST) {
                throw new RuntimeFailure(RuntimeFailure.Kind.ALREADY_EXISTS, "container with given ID already exists");
            }
            throw e;
        }
        return new StateDirectory(linux, path);
    }

    static StateDirectory open(Linux linux, Path root, String id) throws RuntimeFailure {
        checkId(id);
        Path path = root.resolve(id);
        if (!Files.isRegularFile(path.resolve("state.json"))) {
            throw new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, "container does not exist");
        }
        return new StateDirectory(linux, path);
    }

    /** The directory of a container whose creation did not come to its end; empty if there is none. */
    static Optional<StateDirectory> unfinished(Linux linux, Path root, String id) throws RuntimeFailure {
        checkId(id);
        Path path = root.resolve(id);
        return Files.isDirectory(path) && !Files.exists(path.resolve("state.json"))
                ? Optional.of(new StateDirectory(linux, path))
                : Optional.empty();
    }

    Path path() {
        return path;
    }

    Fd descriptor() throws LinuxException {
        return linux.files().open(path.toString(), O.RDONLY | O.DIRECTORY);
    }

    /** A listening socket. It is bound through the directory's descriptor, since the whole path may be too long for a socket. */
    Fd listen() throws LinuxException {
        Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET, 0);
        try (Fd directory = descriptor()) {
            linux.sockets().bindUnix(socket, directory.procPath() + '/' + SOCKET);
            linux.sockets().listen(socket, 64);
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** Makes the directory of {@link CreateRequest.Options#notifySocket}. */
    Path makeNotify() throws IOException {
        Path notify = Files.createDirectory(path.resolve(NOTIFY));
        linux.files().fchmodat(Fd.CWD, notify.toString(), 0755); // whatever our umask is
        return notify;
    }

    /** A path of the keeper's socket that is short enough, while {@code directory} is open. */
    static String socketPath(Fd directory) {
        return directory.procPath() + '/' + SOCKET;
    }

    void write(String name, byte[] content) throws IOException {
        Path temporary = path.resolve('.' + name);
        Files.write(temporary, content);
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    byte[] read(String name) throws IOException {
        return Files.readAllBytes(path.resolve(name));
    }

    /** What the keeper published of init (number 0) or an exec. */
    Optional<Exit> exit(int number) throws IOException {
        try {
            String text = Files.readString(path.resolve(number == 0 ? "exit" : "exit-" + number))
                    .strip();
            String[] words = text.split(" ");
            return Optional.of(new Exit(
                    ExitStatus.ofWaitStatus(Integer.parseInt(words[0])),
                    Instant.ofEpochSecond(Long.parseLong(words[1]), Long.parseLong(words[2]))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void removeExit(int number) throws IOException {
        Files.deleteIfExists(path.resolve("exit-" + number));
    }

    /**
     * Removes the directory with the files in it, and those of {@code notify}. Of no other directory in it is anything removed: what
     * a restoration that was killed has mounted there is a container's root file system.
     */
    void delete() throws IOException {
        CriuRoot.detach(linux, path);
        delete(path.resolve(NOTIFY));
        delete(path);
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(directory);
    }
}
