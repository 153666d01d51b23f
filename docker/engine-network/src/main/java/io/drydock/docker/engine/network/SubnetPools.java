package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.LinuxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where networks that name no subnet get theirs: the first of the pools' subnets that nothing on the host overlaps. */
final class SubnetPools {
    /** Docker's own pools. */
    private static final List<NetworkConfig.AddressPool> DEFAULTS = List.of(
            new NetworkConfig.AddressPool("172.17.0.0/16", 16),
            new NetworkConfig.AddressPool("172.18.0.0/16", 16),
            new NetworkConfig.AddressPool("172.19.0.0/16", 16),
            new NetworkConfig.AddressPool("172.20.0.0/14", 16),
            new NetworkConfig.AddressPool("172.24.0.0/14", 16),
            new NetworkConfig.AddressPool("172.28.0.0/14", 16),
            new NetworkConfig.AddressPool("192.168.0.0/16", 20));

    private final List<Pool> pools = new ArrayList<>();

    private record Pool(Ipv4Subnet base, int size) {}

    /**
     * Those pools, or Docker's if the list is empty.
     *
     * @throws NetworkException (INVALID) if a pool cannot be understood
     */
    SubnetPools(List<NetworkConfig.AddressPool> configured) throws NetworkException {
        for (var pool : configured.isEmpty() ? DEFAULTS : configured) {
            var base = Ipv4Subnet.parse(pool.base());
            if (base == null) {
                throw new NetworkException(
                        NetworkException.Kind.INVALID,
                        "invalid base pool \"" + pool.base() + "\": invalid CIDR address: " + pool.base());
            }
            if (pool.size() < base.prefix() || pool.size() > 30) {
                throw new NetworkException(
                        NetworkException.Kind.INVALID,
                        "invalid pools size " + pool.size() + ", cannot be divided from " + pool.base());
            }
            pools.add(new Pool(base.network(), pool.size()));
        }
    }

    /**
     * The first free subnet.
     *
     * @param host tells what the host uses
     * @param others what other networks use
     */
    Ipv4Subnet choose(RouteNetlink host, List<Ipv4Subnet> others) throws NetworkException, LinuxException {
        var used = new ArrayList<>(others);
        for (var address : host.addresses()) {
            used.add(subnet(address));
        }
        for (var route : host.routes()) {
            used.add(subnet(route));
        }
        for (var pool : pools) {
            long step = 1L << (32 - pool.size());
            long end = (pool.base().address() & 0xffffffffL)
                    + (1L << (32 - pool.base().prefix()));
            for (long at = pool.base().address() & 0xffffffffL; at < end; at += step) {
                var candidate = new Ipv4Subnet((int) at, pool.size());
                if (used.stream().noneMatch(candidate::overlaps)) {
                    return candidate;
                }
            }
        }
        throw new NetworkException(
                NetworkException.Kind.SYSTEM,
                "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");
    }

    private static Ipv4Subnet subnet(RouteNetlink.Address address) {
        return new Ipv4Subnet(ByteBuffer.wrap(address.address()).getInt(), address.prefix());
    }
}
