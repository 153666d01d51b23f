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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands a seccomp notification descriptor to the agent at the spec's {@code listenerPath}. */
final class SeccompListener implements Consumer<Fd> {
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

    @Override
    public void accept(Fd descriptor) {
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
            throw new UncheckedIOException("failed to send seccomp notification descriptor", e);
        }
    }
}
