package io.drydock.containerd.shim;

import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.runtime.task.v2.CreateTaskRequest;
import io.drydock.spec.containerd.runtime.task.v2.ExecProcessRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the shim keeps of a task on disk, so that another shim can go on after it was killed:
 * <pre>
 *  SOCKET.tasks/NAMESPACE/ID/
 *      task        the create request
 *      exec-ID     an exec request, one file per exec
 *      journal     a line per fact and per event that containerd has taken, in the order they became true
 * </pre>
 * The journal's lines: {@code started}, {@code started EXEC NUMBER} (the keeper's number), {@code stdin EXEC} (closed),
 * {@code deleted STATUS PID SECONDS NANOS}, {@code sent TOPIC [EXEC]}. A line is one write, so it is there or it is not. It is not synced: after a
 * crash of the machine there is no container either.
 */
final class TaskRecord {
    private static final String TASK = "task";
    private static final String EXEC = "exec-";
    private static final String JOURNAL = "journal";

    private final Path directory;

    private TaskRecord(Path directory) {
        this.directory = directory;
    }

    static TaskRecord create(Path root, String namespace, CreateTaskRequest request) throws IOException {
        Path directory = root.resolve(namespace).resolve(request.getId());
        Files.createDirectories(directory);
        TaskRecord entry = new TaskRecord(directory);
        entry.write(TASK, request);
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

    CreateTaskRequest task() throws IOException {
        return CreateTaskRequest.parseFrom(Files.readAllBytes(directory.resolve(TASK)));
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

    /** Appends a line. */
    void note(String line) throws IOException {
        Files.write(directory.resolve(JOURNAL), (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Notes that containerd has an event. A record removed meanwhile needs no note. */
    void noteSent(String what) {
        try {
            note("sent " + what);
        } catch (NoSuchFileException e) {
            // The task was deleted, its last event being on its way.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> journal() throws IOException {
        try {
            return new HashSet<>(Files.readAllLines(directory.resolve(JOURNAL)));
        } catch (NoSuchFileException e) {
            return new HashSet<>();
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

    private void write(String name, MessageLite message) throws IOException {
        Files.write(directory.resolve(name), message.toByteArray());
    }
}
