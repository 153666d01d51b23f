package io.drydock.containerd.shim;

import com.google.protobuf.ByteString;
import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.shim.v1.ProbeRequest;
import io.drydock.spec.containerd.shim.v1.ProbeResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs probes to their end, each on the thread of the call that asks for it. */
final class Probes {
    private static final int KILL = 9;
    private static final int KILLED = 128 + KILL;
    private static final int CHUNK = 4096;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Linux linux;
    private final Poller poller;

    Probes(Linux linux, Poller poller) {
        this.linux = linux;
        this.poller = poller;
    }

    /** Starts it, takes what it writes, and kills it if it takes too long. */
    ProbeResponse run(Task task, ProbeRequest request) {
        long end = System.nanoTime() + request.getTimeoutNanos();
        try (Pipe pipe = linux.pipes().pipe(0)) {
            linux.pipes().setNonBlocking(pipe.read(), true);
            TaskProcess probe;
            try {
                probe = task.startProbe(request, pipe.write());
            } finally {
                pipe.write().close();
            }
            try {
                return follow(task, probe, pipe.read(), end, request.getOutputLimit());
            } finally {
                task.endProbe(probe);
            }
        } catch (IOException e) {
            throw Failures.of("probe", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        }
    }

    private ProbeResponse follow(Task task, TaskProcess probe, Fd output, long end, int limit)
            throws IOException, InterruptedException {
        ByteString.Output kept = ByteString.newOutput(Math.min(limit, CHUNK) + 1);
        ProbeResponse.Builder response = ProbeResponse.newBuilder().setPid(probe.pid());
        copy(probe, output, end, limit, kept);
        Integer code = exit(probe, Duration.ofNanos(end - System.nanoTime()));
        if (code == null) {
            kill(task, probe);
            code = exit(probe, GRACE);
            response.setTimedOut(true);
        }
        return response.setExitStatus(code == null ? KILLED : code)
                .setOutput(kept.toByteString())
                .build();
    }

    private static void kill(Task task, TaskProcess probe) {
        try {
            task.kill(probe.execId, KILL, false);
        } catch (RpcException e) {
            if (e.code() != StatusCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static @Nullable Integer exit(TaskProcess probe, Duration patience) throws InterruptedException {
        try {
            return probe.exit.get(patience.toNanos(), TimeUnit.NANOSECONDS).status();
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("exits are never exceptional", e);
        }
    }

    /**
     * Until the output has ended or the time is over. What a child left behind holds open ends a moment after the probe.
     */
    private void copy(TaskProcess probe, Fd output, long end, int limit, ByteString.Output kept)
            throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK];
        CompletableFuture<Void> late = probe.exit.thenRunAsync(
                () -> poller.cancel(output), CompletableFuture.delayedExecutor(GRACE.toNanos(), TimeUnit.NANOSECONDS));
        try {
            while (end - System.nanoTime() > 0
                    && poller.await(output, EventCalls.IN, Duration.ofNanos(end - System.nanoTime())) != 0) {
                int count = read(output, ByteBuffer.wrap(chunk));
                if (count == 0) {
                    return;
                }
                kept.write(chunk, 0, Math.max(0, Math.min(count, limit + 1 - kept.size())));
            }
        } finally {
            late.cancel(false);
        }
    }

    /** The bytes read; 0 at the end, -1 if there are none now. */
    private int read(Fd output, ByteBuffer buffer) throws LinuxException {
        try {
            return linux.files().read(output, buffer);
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
    }
}
