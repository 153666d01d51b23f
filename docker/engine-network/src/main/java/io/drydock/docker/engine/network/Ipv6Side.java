package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.AddressPool;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;

/**
 * The IPv6 side of a bridge.
 *
 * @param address the bridge's address, the gateway of containers, with the subnet's prefix
 * @param addresses the addresses for containers
 */
record Ipv6Side(Ipv6Subnet address, Ipv6Allocator addresses) {

    /** The side that a pool describes. */
    static Ipv6Side of(AddressPool pool) throws NetworkException {
        var subnet = parsed(pool.subnet());
        var gateway = Ipv6Subnet.parseAddress(pool.gateway());
        if (gateway == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid gateway: " + pool.gateway());
        }
        var addresses = new Ipv6Allocator(subnet, pool.ipRange().isEmpty() ? subnet : parsed(pool.ipRange()));
        addresses.reserve(gateway);
        for (var text : pool.auxiliary().values()) {
            var auxiliary = Ipv6Subnet.parseAddress(text);
            if (auxiliary != null) {
                addresses.reserve(auxiliary);
            }
        }
        return new Ipv6Side(new Ipv6Subnet(gateway.high(), gateway.low(), subnet.prefix()), addresses);
    }

    private static Ipv6Subnet parsed(String text) throws NetworkException {
        var subnet = Ipv6Subnet.parse(text);
        if (subnet == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid CIDR address: " + text);
        }
        return subnet;
    }

    /** Gives the bridge its address. It learns nothing from routers' advertisements: it is one. */
    void bringUp(String bridge, int index, RouteNetlink host) throws IOException {
        Sysctl.set("ipv6/conf/" + bridge + "/disable_ipv6", "0");
        Sysctl.set("ipv6/conf/" + bridge + "/accept_ra", "0");
        host.addAddress6(index, address.bytes(), address.prefix());
    }
}
