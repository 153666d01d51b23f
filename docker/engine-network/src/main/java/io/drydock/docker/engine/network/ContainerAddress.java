package io.drydock.docker.engine.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a container's published ports lead to: at least one of the two.
 *
 * @param ipv4 its address; null if it has none
 * @param ipv6 its IPv6 address; null if it has none
 */
record ContainerAddress(
        @Nullable InetAddress ipv4, @Nullable InetAddress ipv6) {

    /** The addresses of an endpoint; null if it has none. */
    static @Nullable ContainerAddress of(Endpoint endpoint) {
        return endpoint.ipAddress().isEmpty() && endpoint.ipv6Address().isEmpty()
                ? null
                : new ContainerAddress(literal(endpoint.ipAddress()), literal(endpoint.ipv6Address()));
    }

    private static @Nullable InetAddress literal(String address) {
        return address.isEmpty() ? null : InetAddress.ofLiteral(address);
    }

    /**
     * Where what arrives at that address of the host goes: to the same family, if the container has it, or from IPv6 to IPv4.
     *
     * @throws IllegalArgumentException for an IPv4 address, if the container has none
     */
    InetAddress behind(InetAddress host) {
        var found = host instanceof Inet6Address && ipv6 != null ? ipv6 : ipv4;
        if (found == null) {
            throw new IllegalArgumentException("no IPv4 address behind " + host);
        }
        return found;
    }
}
