package io.drydock.containerd.server.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Addresses as Go writes them. */
public final class TcpAddress {
    private TcpAddress() {}

    /**
     * HOST:PORT or [HOST]:PORT; without a host, all addresses.
     *
     * @throws IOException if there is no port
     */
    public static InetSocketAddress parse(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            var host = address.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
            return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw new IOException("listen tcp: address " + address + ": missing port in address", e);
        }
    }
}
