package io.drydock.containerd.shim;

import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the shim keeps of a task on disk, so that another shim can go on after it was killed:
 * <pre>
 *  SOCKET.tasks/NAMESPACE/ID@TIME/     the time keeps apart a task and the next one of the same container
 *      task        the create request
 *      exec-ID     an exec request, one file per exec
 *      journal     a line per fact and per event that containerd has taken, in the order they became true
 * </pre>
 * The journal's lines: {@code started}, {@code started EXEC NUMBER} (the keeper's number), {@code stdin EXEC} (closed),
 * {@code deleted PID STATUS SECONDS NANOS}, {@code sent EVENT}. A line is one write, so it is there or it is not. It is
 * not synced: after a crash of the machine there is no container either.
 */
final class TaskRecord {
    private static final Logger log = LoggerFactory.getLogger(TaskRecord.class);
    private static final String TASK = "task";
    private static final String EXEC = "exec-";
    private static final String JOURNAL = "journal";

    private final Path directory;

    private TaskRecord(Path directory) {
        this.directory = directory;
    }

    static TaskRecord create(Path root, String namespace, CreateTaskRequest request) throws IOException {
        Path directory = root.resolve(namespace).resolve(request.getId() + "@" + Long.toHexString(System.nanoTime()));
        Files.createDirectories(directory);
        TaskRecord entry = new TaskRecord(directory);
        try {
            entry.write(TASK, request);
        } catch (IOException e) {
            entry.removeQuietly();
            throw e;
        }
        return entry;
    }

    /** A record found on disk. */
    record Found(String namespace, TaskRecord files) {}

    static List<Found> all(Path root) throws IOException {
        List<Found> found = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (DirectoryStream<Path> namespaces = Files.newDirectoryStream(root)) {
            for (Path namespace : namespaces) {
                try (DirectoryStream<Path> ids = Files.newDirectoryStream(namespace)) {
                    for (Path id : ids) {
                        found.add(new Found(namespace.getFileName().toString(), new TaskRecord(id)));
                    }
                }
            }
        }
        return found;
    }

    /** Whether the request was noted at all; nothing was made before it was. */
    boolean begun() {
        return Files.exists(directory.resolve(TASK));
    }

    CreateTaskRequest task() throws IOException {
        return CreateTaskRequest.parseFrom(Files.readAllBytes(directory.resolve(TASK)));
    }

    Instant created() throws IOException {
        return Files.getLastModifiedTime(directory.resolve(TASK)).toInstant();
    }

    List<ExecProcessRequest> execs() throws IOException {
        List<ExecProcessRequest> execs = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, EXEC + "*")) {
            for (Path file : files) {
                execs.add(ExecProcessRequest.parseFrom(Files.readAllBytes(file)));
            }
        }
        return execs;
    }

    void addExec(ExecProcessRequest request) throws IOException {
        write(EXEC + request.getExecId(), request);
    }

    void removeExec(String execId) throws IOException {
        Files.deleteIfExists(directory.resolve(EXEC + execId));
    }

    /**
     * Appends what has become true. Where that cannot be written down (a full disk, a file system turned read-only) it is true
     * all the same: only a shim that comes after this one would not know it.
     */
    void note(String line) {
        try {
            append(line);
        } catch (IOException e) {
            log.error("note \"{}\" of {}: {}; the next shim would not know it", line, directory, e.getMessage());
        }
    }

    private void append(String line) throws IOException {
        Files.write(
                directory.resolve(JOURNAL),
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Notes that containerd has an event. A record removed meanwhile needs no note. */
    void noteSent(String what) {
        try {
            append("sent " + what);
        } catch (NoSuchFileException e) {
            // The task was deleted, its last event being on its way.
        } catch (IOException e) {
            log.warn("{}: {}; the next shim would send it again", what, e.getMessage());
        }
    }

    Journal journal() throws IOException {
        try {
            return new Journal(Files.readAllLines(directory.resolve(JOURNAL)));
        } catch (NoSuchFileException e) {
            return new Journal(List.of());
        }
    }

    void remove() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(directory);
    }

    /** As {@link #remove}, where nobody can do anything about a failure: the next shim tries again. */
    void removeQuietly() {
        try {
            remove();
        } catch (IOException e) {
            log.warn("remove {}: {}", directory, e.getMessage());
        }
    }

    /** A file is there as a whole or not at all. */
    private void write(String name, MessageLite message) throws IOException {
        Path temporary = directory.resolve("." + name);
        Files.write(temporary, message.toByteArray());
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
