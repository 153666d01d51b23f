package io.drydock.runc.runtime;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Jsonb;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.SocketCalls;
import io.drydock.spec.oci.runtime.Seccomp;
import io.drydock.spec.oci.runtime.Spec;
import io.drydock.spec.oci.runtime.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands a seccomp notification descriptor to the agent at the spec's {@code listenerPath}. */
final class SeccompListener {
    private final Linux linux;
    private final @Nullable Seccomp seccomp;
    private final Supplier<ContainerState> state;

    SeccompListener(Linux linux, Spec spec, Supplier<ContainerState> state) {
        this.linux = linux;
        this.seccomp = spec.linux() == null ? null : spec.linux().seccomp();
        this.state = state;
    }

    /** The message, runtime-spec "Container Process State". */
    @Json
    record ContainerProcessState(
            String ociVersion,
            List<String> fds,
            int pid,
            @Nullable String metadata,
            State state) {}

    /** Takes the descriptor over. */
    void accept(Fd descriptor) throws RuntimeFailure {
        try (Fd notification = descriptor;
                Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.STREAM, 0)) {
            if (seccomp == null || seccomp.listenerPath() == null) {
                return;
            }
            ContainerState now = state.get();
            byte[] json = Jsonb.instance()
                    .type(ContainerProcessState.class)
                    .toJsonBytes(new ContainerProcessState(
                            now.ociVersion(),
                            List.of("seccompFd"),
                            now.pid(),
                            seccomp.listenerMetadata(),
                            now.hookState()));
            linux.sockets().connectUnix(socket, seccomp.listenerPath());
            linux.sockets().send(socket, ByteBuffer.wrap(json), List.of(notification));
        } catch (IOException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.FAILED,
                    "unable to start container process: failed to connect with seccomp agent specified in the seccomp"
                            + " profile: " + e.getMessage(),
                    e);
        }
    }
}
