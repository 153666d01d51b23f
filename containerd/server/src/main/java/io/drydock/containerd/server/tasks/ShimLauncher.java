package io.drydock.containerd.server.tasks;

import com.google.protobuf.Any;
import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import io.drydock.linux.Poller;
import io.drydock.linux.Spawn;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.runtime.task.v2.DeleteResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds shim programs and runs their verbs, as the shim protocol says. */
final class ShimLauncher {
    private static final String RUNC = "containerd-shim-runc-v2";
    private static final long LIMIT_SECONDS = 60;

    private final Path home;
    private final Path address;
    private final Path ttrpc;
    private final boolean debug;
    private final Linux linux;
    private final Poller poller;

    /**
     * @param home where Drydock is installed
     * @param address containerd's gRPC socket
     * @param ttrpc where shims send their events
     * @param poller waits for the foreign shims' logs
     */
    ShimLauncher(Path home, Path address, Path ttrpc, boolean debug, Linux linux, Poller poller) {
        this.home = home;
        this.address = address;
        this.ttrpc = ttrpc;
        this.debug = debug;
        this.linux = linux;
        this.poller = poller;
    }

    /** Our own shim's program. */
    Path own() {
        return home.resolve("bin").resolve(RUNC);
    }

    /**
     * The program of a runtime: {@code io.containerd.runc.v2} is {@code containerd-shim-runc-v2} beside our own programs
     * or in PATH; an absolute path is itself.
     *
     * @throws RpcException NOT_FOUND or INVALID_ARGUMENT
     */
    Path binary(String runtime) {
        if (runtime.startsWith("/")) {
            Path path = Path.of(runtime);
            if (!Files.isExecutable(path)) {
                throw new RpcException(
                        StatusCode.INVALID_ARGUMENT,
                        "invalid custom binary path: stat " + runtime + ": no such file or directory");
            }
            return path;
        }
        String[] parts = runtime.split("\\.", -1);
        if (parts.length < 2 || parts[parts.length - 2].isEmpty() || runtime.indexOf('/') >= 0) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    "invalid runtime name " + runtime
                            + ", correct runtime name should be either format like `io.containerd.runc.v1` or a full path to"
                            + " the binary");
        }
        String name = "containerd-shim-" + parts[parts.length - 2] + "-" + parts[parts.length - 1];
        List<Path> directories = new ArrayList<>();
        directories.add(home.resolve("bin"));
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (directory.startsWith("/")) {
                directories.add(Path.of(directory));
            }
        }
        for (Path directory : directories) {
            Path path = directory.resolve(name);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        throw new RpcException(
                StatusCode.NOT_FOUND,
                "runtime \"" + runtime + "\" binary not installed \"" + name + "\": file does not exist");
    }

    /** Starts a shim for one task and returns where it listens. */
    ShimAddress start(Bundle bundle, Path binary, Any options) throws IOException {
        byte[] stdin = options.getTypeUrl().isEmpty() ? new byte[0] : options.toByteArray();
        return ShimAddress.parse(run(bundle, binary, List.of("start"), stdin, true));
    }

    /** Lets a dead shim's program remove what the shim left: processes, mounts, the runtime's state. */
    DeleteResponse delete(Bundle bundle, Path binary) throws IOException {
        List<String> verb = List.of("-bundle", bundle.path().toString(), "delete");
        return DeleteResponse.parseFrom(run(bundle, binary, verb, new byte[0], false));
    }

    private byte[] run(Bundle bundle, Path binary, List<String> verb, byte[] stdin, boolean mergeErrors)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "-namespace",
                bundle.key().namespace(),
                "-address",
                address.toString(),
                "-publish-binary",
                home.resolve("bin/containerd").toString(),
                "-id",
                bundle.key().id()));
        if (debug) {
            command.add("-debug");
        }
        command.addAll(verb);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(bundle.path().toFile());
        builder.redirectErrorStream(mergeErrors);
        if (!mergeErrors) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment()
                .putAll(Map.of(
                        "GOMAXPROCS",
                        "2",
                        "MAX_SHIM_VERSION",
                        "2",
                        "TTRPC_ADDRESS",
                        ttrpc.toString(),
                        "GRPC_ADDRESS",
                        address.toString(),
                        "NAMESPACE",
                        bundle.key().namespace()));
        Process process = builder.start();
        process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(stdin);
            } catch (IOException e) {
                // It does not read its input, as shims of containerd 1.6 do not.
            }
            byte[] output = process.getInputStream().readAllBytes();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("shim " + verb.getLast() + ": exit status " + status + ": "
                        + new String(output, StandardCharsets.UTF_8).strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("shim " + verb.getLast() + ": interrupted", e);
        }
    }

    /** Begins to read the log of a bundle's shim. */
    ShimLog log(Bundle bundle) throws IOException {
        return ShimLog.read(linux, poller, bundle);
    }

    /**
     * Starts our own shim as the resident one, in a session of its own: it survives containerd.
     *
     * @return its pidfd, for the caller to reap it by
     */
    Fd serve(Path socket, Path log) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(own().toString(), "-address", address.toString(), "-socket", socket.toString()));
        if (debug) {
            command.add("-debug");
        }
        command.add("serve");
        List<String> environment = new ArrayList<>();
        System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
        try (Fd nothing = linux.files().open("/dev/null", O.RDWR);
                Fd out = linux.files().openat(Fd.CWD, log.toString(), O.WRONLY | O.CREAT | O.APPEND, 0600)) {
            int pid = linux.processes()
                    .spawn(new Spawn(
                            own().toString(), command, environment, Map.of(0, nothing, 1, nothing, 2, out), "/", true));
            return linux.processes().pidfdOpen(pid);
        }
    }

    /** Whether a process started by {@link #serve} has ended; then it is reaped. */
    Optional<ExitStatus> ended(Fd pidfd) throws IOException {
        return linux.processes().waitPidfd(pidfd, false);
    }
}
