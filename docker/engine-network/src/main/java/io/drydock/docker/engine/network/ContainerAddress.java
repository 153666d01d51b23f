package io.drydock.docker.engine.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a container's published ports lead to.
 *
 * @param ipv4 its address
 * @param ipv6 its IPv6 address; null if it has none
 */
record ContainerAddress(InetAddress ipv4, @Nullable InetAddress ipv6) {

    /** The addresses of an endpoint; null if it has no IPv4 address. */
    static @Nullable ContainerAddress of(Endpoint endpoint) {
        if (endpoint.ipAddress().isEmpty()) {
            return null;
        }
        return new ContainerAddress(
                InetAddress.ofLiteral(endpoint.ipAddress()),
                endpoint.ipv6Address().isEmpty() ? null : InetAddress.ofLiteral(endpoint.ipv6Address()));
    }

    /** Where what arrives at that address of the host goes: to the same family, if the container has it. */
    InetAddress behind(InetAddress host) {
        return host instanceof Inet6Address && ipv6 != null ? ipv6 : ipv4;
    }
}
