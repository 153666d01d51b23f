package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.AddressPool;
import io.drydock.docker.engine.plugin.Plugins;
import org.jspecify.annotations.Nullable;

/**
 * The IPv4 side of a network.
 *
 * @param address the bridge's address with the subnet's prefix
 * @param gateway the default gateway of containers; null for none
 * @param addresses the addresses for containers
 */
record Ipv4Side(Ipv4Subnet address, @Nullable Integer gateway, Addresses addresses) {

    /** The side that a pool describes. */
    static Ipv4Side of(Network network, AddressPool pool, Ipv4Subnet address, @Nullable Plugins plugins)
            throws NetworkException {
        var range = pool.ipRange().isEmpty() ? address : Ipv4Subnet.parsed(pool.ipRange());
        var remotePool = network.remotePool();
        Addresses addresses = plugins == null || remotePool == null
                ? new AddressAllocator(address, range)
                : new RemoteAddresses(new PluginCalls(plugins, remotePool.driver(), PluginCalls.IPAM), remotePool);
        addresses.reserve(address.address());
        // nobody routes in an overlay network: every host's bridge would have the same address
        var gateway = network.isOverlay() ? null : Ipv4Subnet.parseAddress(pool.gateway());
        if (gateway != null) {
            addresses.reserve(gateway);
        }
        for (var auxiliary : pool.auxiliary().values()) {
            var reserved = Ipv4Subnet.parseAddress(auxiliary);
            if (reserved != null) {
                addresses.reserve(reserved);
            }
        }
        return new Ipv4Side(address, gateway, addresses);
    }
}
