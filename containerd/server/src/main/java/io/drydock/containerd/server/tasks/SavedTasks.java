package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.image.archive.apply.LayerApplier;
import io.drydock.image.archive.diff.UpperDiff;
import io.drydock.linux.Linux;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.runc.CheckpointOptions;
import io.drydock.spec.containerd.runc.Options;
import io.drydock.spec.containerd.runtime.task.v2.CheckpointTaskRequest;
import io.drydock.spec.containerd.types.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Saves tasks as blobs, and makes them of such blobs again. The runtime does the saving, into a directory. */
final class SavedTasks {
    private static final String STATE = "application/vnd.containerd.container.criu.checkpoint.criu.tar";
    private static final String SPEC = "application/vnd.containerd.container.checkpoint.config.v1+proto";

    private final TaskBackend backend;
    private final Linux linux;

    SavedTasks(TaskBackend backend, Linux linux) {
        this.backend = backend;
        this.linux = linux;
    }

    /**
     * Saves a task.
     *
     * @param options of the runtime, empty for none; may name a directory of the caller's
     * @return the task's state and its container's spec; nothing if the caller's directory has it
     */
    List<Descriptor> save(Task task, TaskContainer container, Any options) throws IOException {
        if (!options.getTypeUrl().isEmpty() && !isOf(options, "containerd.runc.v1.CheckpointOptions")) {
            throw new RpcException(StatusCode.UNKNOWN, "invalid task checkpoint option for " + container.runtime());
        }
        String given = CheckpointOptions.parseFrom(options.getValue()).getImagePath();
        if (!given.isEmpty()) {
            ask(task, given, options);
            return List.of();
        }
        Path directory = Files.createTempDirectory("ctrd-checkpoint");
        try {
            ask(task, directory.toString(), options);
            Descriptor state = backend.keep(
                    task.namespace(),
                    STATE,
                    directory.toString(),
                    out -> new UpperDiff(linux).write(directory, path -> false, out));
            Descriptor spec = backend.keep(task.namespace(), SPEC, directory + "/spec", container.spec()::writeTo);
            return List.of(state, spec);
        } finally {
            Bundle.remove(directory);
        }
    }

    private static void ask(Task task, String directory, Any options) {
        CheckpointTaskRequest.Builder request =
                CheckpointTaskRequest.newBuilder().setId(task.id()).setPath(directory);
        if (!options.getTypeUrl().isEmpty()) {
            request.setOptions(options);
        }
        task.change(shim -> {
            shim.checkpoint(task.namespace(), request.build());
            return true;
        });
    }

    private static boolean isOf(Any any, String type) {
        return any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1).equals(type);
    }

    /** Where a new task's state lies if its options say so, else empty. */
    static String given(Any options) {
        try {
            return isOf(options, "containerd.runc.v1.Options")
                    ? Options.parseFrom(options.getValue()).getCriuImagePath()
                    : "";
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "options of the runtime: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the blob of a saved task.
     *
     * @throws RpcException UNKNOWN if it is no task's state
     */
    InputStream open(String namespace, Descriptor saved) throws IOException {
        if (!saved.getMediaType().equals(STATE)) {
            throw new RpcException(StatusCode.UNKNOWN, "unsupported checkpoint type \"" + saved.getMediaType() + "\"");
        }
        return backend.open(namespace, saved.getDigest());
    }

    /** Writes what {@link #open} opened into a directory that this makes. */
    void unpack(InputStream saved, Path directory) throws IOException {
        Files.createDirectory(directory);
        new LayerApplier(linux).apply(saved, directory, new ApplyOptions(ApplyOptions.Whiteouts.REMOVE));
    }
}
