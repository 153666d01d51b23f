package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.runc.runtime.CriuOptions;
import io.drydock.spec.containerd.runc.CheckpointOptions;
import io.drydock.spec.containerd.runc.Options;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a task is saved and restored, from what the task API says. */
final class Checkpoints {
    private Checkpoints() {}

    /**
     * @param path where the images go, unless the options say another place
     * @throws RpcException UNIMPLEMENTED for namespaces that shall be empty after a restore
     */
    static CriuOptions saving(String path, Any any, Options runtime) throws InvalidProtocolBufferException {
        CheckpointOptions options = any.getTypeUrl().endsWith("containerd.runc.v1.CheckpointOptions")
                ? CheckpointOptions.parseFrom(any.getValue())
                : CheckpointOptions.getDefaultInstance();
        if (options.getEmptyNamespacesCount() > 0) {
            throw new RpcException(StatusCode.UNIMPLEMENTED, "empty_namespaces of a checkpoint is not supported");
        }
        Set<CriuOptions.Flag> flags = EnumSet.noneOf(CriuOptions.Flag.class);
        add(flags, CriuOptions.Flag.LEAVE_RUNNING, !options.getExit());
        add(flags, CriuOptions.Flag.TCP_ESTABLISHED, options.getOpenTcp());
        add(flags, CriuOptions.Flag.EXT_UNIX_SK, options.getExternalUnixSockets());
        add(flags, CriuOptions.Flag.SHELL_JOB, options.getTerminal());
        add(flags, CriuOptions.Flag.FILE_LOCKS, options.getFileLocks());
        String images = first(options.getImagePath(), path, runtime.getCriuImagePath());
        return new CriuOptions(
                Path.of(images),
                work(first(options.getWorkPath(), runtime.getCriuWorkPath())),
                "",
                flags,
                null,
                null,
                options.getCgroupsMode(),
                "",
                "");
    }

    /** The images lie at {@code path}. */
    static CriuOptions restoring(String path, Options runtime) {
        return new CriuOptions(
                Path.of(path),
                work(runtime.getCriuWorkPath()),
                "",
                Set.of(CriuOptions.Flag.TCP_ESTABLISHED, CriuOptions.Flag.EXT_UNIX_SK, CriuOptions.Flag.FILE_LOCKS),
                null,
                null,
                "",
                "",
                "");
    }

    private static void add(Set<CriuOptions.Flag> flags, CriuOptions.Flag flag, boolean wanted) {
        if (wanted) {
            flags.add(flag);
        }
    }

    private static String first(String... candidates) {
        for (String candidate : candidates) {
            if (!candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }

    private static @Nullable Path work(String path) {
        return path.isEmpty() ? null : Path.of(path);
    }
}
