package io.drydock.containerd.server.tasks;

import io.drydock.rpc.RpcException;
import io.drydock.spec.containerd.runtime.task.v2.ShutdownRequest;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shim that serves one task and ends with it: containerd's own, or any other that speaks the protocol. */
final class ForeignShim implements Shim {
    private static final Logger log = LoggerFactory.getLogger(ForeignShim.class);

    private final ShimAddress address;
    private final ShimClient client;
    private final ShimLog shimLog;
    private volatile boolean released;

    private ForeignShim(ShimAddress address, ShimClient client, ShimLog shimLog) {
        this.address = address;
        this.client = client;
        this.shimLog = shimLog;
    }

    /**
     * Connects to a shim that listens.
     *
     * @param shimLog closed with the shim
     * @param onDeath called once if it goes away before its task was deleted
     */
    static ForeignShim connect(ShimAddress address, ShimLog shimLog, Runnable onDeath) throws IOException {
        ForeignShim shim = new ForeignShim(address, ShimClient.connect(address), shimLog);
        shim.client.closed().thenRun(() -> {
            shimLog.close();
            if (!shim.released) {
                Thread.ofVirtual().name("dead-shim").start(onDeath);
            }
        });
        return shim;
    }

    @Override
    public ShimClient client() {
        return client;
    }

    @Override
    public ShimAddress address() {
        return address;
    }

    @Override
    public boolean comesBack() {
        return false;
    }

    @Override
    public void release(TaskKey task) {
        released = true;
        try (client) {
            client.shutdown(
                    task.namespace(),
                    ShutdownRequest.newBuilder().setId(task.id()).build());
        } catch (RpcException e) {
            // It ends before it answers, as the original does.
            log.debug("shut down the shim of {}: {}", task.id(), e.getMessage());
        }
    }

    /** Closes the connection and leaves the shim and its task alone, for the next containerd. */
    void disconnect() {
        released = true;
        client.close();
    }
}
