package io.drydock.containerd.server;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.core.ContainerdError;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Clients of one server, one for each namespace, and their errors as the stores'. What they make is held by a lease, because
 * the server's garbage collector may run at any time.
 */
final class RemoteClients implements AutoCloseable {
    private static final String LEASE = "contract";

    private final TestServer server;
    private final Map<String, ContainerdClient> clients = new HashMap<>();

    RemoteClients(TestServer server) {
        this.server = server;
    }

    ContainerdClient of(String namespace, String lease) {
        return clients.computeIfAbsent(namespace, this::connect).withLease(lease.isEmpty() ? LEASE : lease);
    }

    private ContainerdClient connect(String namespace) {
        var client = ContainerdClient.connect(server.socket(), namespace);
        client.leases().create(LEASE, Map.of());
        return client;
    }

    static <R> R ask(Supplier<R> call) {
        try {
            return call.get();
        } catch (ContainerdException e) {
            throw new ContainerdError(ContainerdError.Code.valueOf(e.kind().name()), String.valueOf(e.getMessage()), e);
        }
    }

    static void tell(Runnable call) {
        ask(() -> {
            call.run();
            return true;
        });
    }

    @Override
    public void close() {
        clients.values().forEach(ContainerdClient::close);
    }
}
