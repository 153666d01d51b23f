package io.drydock.docker.engine.network;

import io.drydock.docker.proxy.control.ProxyDaemon;
import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.docker.proxy.forward.Forwarder;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Holds and forwards ports by Drydock's docker-proxy, one process for all of them. */
final class SharedProxy implements PortHolder {
    private final Linux linux;
    private final ProxyDaemon daemon;

    SharedProxy(Linux linux, ProxyDaemon daemon) {
        this.linux = linux;
        this.daemon = daemon;
    }

    @Override
    public Set<ForwardedPort> adopt() throws IOException {
        return daemon.adopt();
    }

    @Override
    public void hold(ForwardedPort port) throws IOException {
        try {
            daemon.add(port, bind(port));
        } catch (IOException e) {
            throw new IOException("Error starting userland proxy: " + e.getMessage(), e);
        }
    }

    private List<Fd> bind(ForwardedPort port) throws IOException {
        try {
            return Forwarder.bind(linux.sockets(), InetCalls.system(), port);
        } catch (Forwarder.BindException e) {
            // perhaps docker-proxy has not yet closed what another container had a moment ago, or has done so just now
            if (e.errno() == Errno.EADDRINUSE) {
                daemon.settle();
                return Forwarder.bind(linux.sockets(), InetCalls.system(), port);
            }
            throw e;
        }
    }

    @Override
    public void release(ForwardedPort port) {
        daemon.remove(port);
    }

    @Override
    public void close() {
        daemon.close();
    }
}
