package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Network.RemotePool;
import io.drydock.docker.engine.network.NetworkException.Kind;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Addresses that an IPAM plugin gives out ({@code IpamDriver.…}). */
final class RemoteAddresses implements Addresses {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteAddresses.class);

    private final PluginCalls plugin;
    private final String pool;

    /** Those of a pool that was requested. */
    RemoteAddresses(PluginCalls plugin, RemotePool pool) {
        this.plugin = plugin;
        this.pool = pool.id();
    }

    /**
     * A pool as the plugin described it.
     *
     * @param id by which the plugin knows it
     * @param subnet its subnet
     */
    record Pool(String id, Ipv4Subnet subnet) {}

    /** Requests a pool of the plugin: the one asked for, or any if that is empty. */
    static Pool request(PluginCalls plugin, String subnet, String range, Map<String, String> options)
            throws NetworkException {
        if (Boolean.TRUE.equals(plugin.call("GetCapabilities", Map.of()).get("RequiresMACAddress"))) {
            throw new NetworkException(
                    Kind.INVALID, "IPAM plugins that must know MAC addresses are not supported: " + plugin.name());
        }
        var spaces = plugin.call("GetDefaultAddressSpaces", Map.of());
        var answer = plugin.call(
                "RequestPool",
                Map.of(
                        "AddressSpace",
                        PluginCalls.text(spaces.get("LocalDefaultAddressSpace")),
                        "Pool",
                        subnet,
                        "SubPool",
                        range,
                        "Options",
                        options,
                        "V6",
                        false));
        var id = PluginCalls.text(answer.get("PoolID"));
        try {
            return new Pool(
                    id, Ipv4Subnet.parsed(PluginCalls.text(answer.get("Pool"))).network());
        } catch (NetworkException e) {
            new RemoteAddresses(plugin, new RemotePool(plugin.name(), id)).releasePool();
            throw e;
        }
    }

    /** Takes the address of the gateway: the one asked for, or any if that is empty. */
    int gateway(String wanted) throws NetworkException {
        return request(wanted, Map.of("RequestAddressType", "com.docker.network.gateway"));
    }

    private int request(String wanted, Map<String, String> options) throws NetworkException {
        var answer = plugin.call("RequestAddress", Map.of("PoolID", pool, "Address", wanted, "Options", options));
        return Ipv4Subnet.parsed(PluginCalls.text(answer.get("Address"))).address();
    }

    @Override
    public int allocate() throws NetworkException {
        return request("", Map.of());
    }

    @Override
    public void allocate(int address) throws NetworkException {
        int given = request(Ipv4Subnet.format(address), Map.of());
        if (given != address) {
            release(given);
            throw new NetworkException(Kind.FORBIDDEN, "Address already in use");
        }
    }

    /** The plugin knows what it gave. */
    @Override
    public void reserve(int address) {}

    @Override
    public void release(int address) {
        try {
            plugin.call("ReleaseAddress", Map.of("PoolID", pool, "Address", Ipv4Subnet.format(address)));
        } catch (NetworkException e) {
            LOG.warn("IPAM plugin {}: release {}: {}", plugin.name(), Ipv4Subnet.format(address), e.getMessage());
        }
    }

    /** Gives the pool back. */
    void releasePool() {
        try {
            plugin.call("ReleasePool", Map.of("PoolID", pool));
        } catch (NetworkException e) {
            LOG.warn("IPAM plugin {}: release pool {}: {}", plugin.name(), pool, e.getMessage());
        }
    }
}
