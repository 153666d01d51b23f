package io.drydock.docker.engine.network;

import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.docker.proxy.forward.Forwarder;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a port of the host from other programs, and forwards it in user space if that is wanted. */
interface PortHolder extends AutoCloseable {

    /** Takes over what an earlier daemon left; the ports that are still held. */
    Set<ForwardedPort> adopt() throws IOException;

    /**
     * Takes the port, or all ports of the range; from the return on, callers can connect.
     *
     * @throws IOException with the original's words if it is taken by another program
     */
    void hold(ForwardedPort port) throws IOException;

    /** Gives the port back. */
    void release(ForwardedPort port);

    @Override
    void close();

    /** Holds ports by listening sockets that nobody serves: what the engine does without userland proxy, as the original. */
    final class Sockets implements PortHolder {
        private final Linux linux;
        private final Map<ForwardedPort, List<Fd>> held = new ConcurrentHashMap<>();

        Sockets(Linux linux) {
            this.linux = linux;
        }

        @Override
        public Set<ForwardedPort> adopt() {
            return Set.of();
        }

        @Override
        public void hold(ForwardedPort port) throws IOException {
            held.put(port, Forwarder.bind(linux.sockets(), InetCalls.system(), port));
        }

        @Override
        public void release(ForwardedPort port) {
            var sockets = held.remove(port);
            if (sockets != null) {
                sockets.forEach(Fd::close);
            }
        }

        @Override
        public void close() {
            held.keySet().forEach(this::release);
        }
    }
}
