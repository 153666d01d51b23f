package io.drydock.containerd.client;

import com.google.protobuf.ByteString;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.SocketPath;
import io.drydock.rpc.TtrpcClient;
import io.drydock.spec.containerd.shim.v1.ProbeRequest;
import io.drydock.spec.containerd.shim.v1.ProbeResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Probes: short processes that are run again and again. Our resident shim, which listens where containerd's address says,
 * runs them for who asks it directly; nothing of them passes through containerd, no event tells of them, and they leave
 * nothing behind. Other shims know nothing of this: then a probe is an exec. Safe for any thread.
 */
public final class Probes implements AutoCloseable {
    private static final Path SOCKETS = Path.of("/run/containerd/s");
    /** On top of the probe's own time: for killing it, and for the way. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Path socket;
    private final Map<String, String> metadata;
    private @Nullable TtrpcClient connection;

    Probes(Path containerd, String namespace) {
        this.socket = SocketPath.hashed(SOCKETS, containerd.toString());
        this.metadata = Map.of("containerd-namespace-ttrpc", namespace);
    }

    /**
     * How a probe ended.
     *
     * @param timedOut whether it was killed because it took too long
     * @param output of both streams, as it came: at most one byte more than was asked for
     */
    public record Probed(int pid, int exitStatus, boolean timedOut, byte[] output) {}

    /**
     * Runs a probe to its end.
     *
     * @param execId under which {@link Tasks#kill} finds it meanwhile
     * @param process an OCI process as JSON, without a terminal
     * @param outputLimit how many bytes of its output are wanted
     * @return empty if nobody is there who can: it has not been run, and an exec may do it
     * @throws ContainerdException if it could not be started, with the words and kinds of {@link Tasks#start}
     */
    public Optional<Probed> run(String containerId, String execId, byte[] process, Duration timeout, int outputLimit) {
        var request = ProbeRequest.newBuilder()
                .setId(containerId)
                .setExecId(execId)
                .setProcess(ByteString.copyFrom(process))
                .setTimeoutNanos(timeout.toNanos())
                .setOutputLimit(outputLimit)
                .build();
        try {
            var response = connected()
                    .call(
                            "drydock.shim.v1.Probes",
                            "Run",
                            request,
                            ProbeResponse.parser(),
                            timeout.plus(MARGIN),
                            metadata);
            return Optional.of(new Probed(
                    response.getPid(),
                    response.getExitStatus(),
                    response.getTimedOut(),
                    response.getOutput().toByteArray()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (RpcException e) {
            return switch (e.code()) {
                case UNIMPLEMENTED, UNAVAILABLE, NOT_FOUND -> Optional.empty();
                default ->
                    throw new ContainerdException(
                            ContainerdException.Kind.valueOf(e.code().name()), e.text(), e);
            };
        }
    }

    private synchronized TtrpcClient connected() throws IOException {
        var known = connection;
        if (known == null || known.closed().isDone()) {
            known = TtrpcClient.connect(socket);
            connection = known;
        }
        return known;
    }

    /** Lets the shim go; the next probe connects again. */
    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
