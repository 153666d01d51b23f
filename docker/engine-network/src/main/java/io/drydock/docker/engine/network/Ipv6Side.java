package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.AddressPool;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import java.io.IOException;

/**
 * The IPv6 side of a bridge.
 *
 * @param address the bridge's address with the subnet's prefix
 * @param gateway the default gateway of containers, as a rule the bridge
 * @param addresses the addresses for containers
 */
record Ipv6Side(Ipv6Subnet address, Ipv6Subnet gateway, Ipv6Allocator addresses) {

    /** The side that a pool describes. */
    static Ipv6Side of(AddressPool pool) throws NetworkException {
        var subnet = Ipv6Subnet.parsed(pool.subnet());
        var gateway = Ipv6Subnet.parseAddress(pool.gateway());
        if (gateway == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid gateway: " + pool.gateway());
        }
        var addresses =
                new Ipv6Allocator(subnet, pool.ipRange().isEmpty() ? subnet : Ipv6Subnet.parsed(pool.ipRange()));
        addresses.reserve(gateway);
        for (var text : pool.auxiliary().values()) {
            var auxiliary = Ipv6Subnet.parseAddress(text);
            if (auxiliary != null) {
                addresses.reserve(auxiliary);
            }
        }
        return new Ipv6Side(new Ipv6Subnet(gateway.high(), gateway.low(), subnet.prefix()), gateway, addresses);
    }

    /** The same with another address of the bridge than the gateway's. */
    Ipv6Side at(Ipv6Subnet bridge) {
        addresses.reserve(bridge);
        return new Ipv6Side(bridge, gateway, addresses);
    }

    /** Gives the bridge its address, and forwards. It learns nothing from routers' advertisements: it is one. */
    void bringUp(String bridge, int index, RouteNetlink host) throws IOException {
        Sysctl.set("ipv6/conf/all/forwarding", "1");
        Sysctl.set("ipv6/conf/" + bridge + "/disable_ipv6", "0");
        Sysctl.set("ipv6/conf/" + bridge + "/accept_ra", "0");
        host.addAddress6(index, address.bytes(), address.prefix());
    }
}
