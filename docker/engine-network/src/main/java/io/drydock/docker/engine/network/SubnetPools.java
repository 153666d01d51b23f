package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.LinuxException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

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

    /** Where networks go on when Docker's pools are used up: smaller ones, of which there are many. */
    private static final NetworkConfig.AddressPool RESERVE = new NetworkConfig.AddressPool("10.0.0.0/8", 24);

    private final List<Pool> pools = new ArrayList<>();
    private final List<Pool6> pools6 = new ArrayList<>();

    private record Pool(Ipv4Subnet base, int size) {}

    private record Pool6(Ipv6Subnet base, int size) {}

    /**
     * Those pools, or Docker's if the list is empty.
     *
     * @throws NetworkException (INVALID) if a pool cannot be understood
     */
    SubnetPools(List<NetworkConfig.AddressPool> configured) throws NetworkException {
        for (var pool : configured) {
            add(pool);
        }
        if (pools.isEmpty()) {
            for (var pool : DEFAULTS) {
                add(pool);
            }
            add(RESERVE);
        }
    }

    private void add(NetworkConfig.AddressPool pool) throws NetworkException {
        var base6 = Ipv6Subnet.parse(pool.base());
        if (base6 != null) {
            checkSize(pool, base6.prefix(), 126);
            pools6.add(new Pool6(base6.network(), pool.size()));
        } else {
            var base = Ipv4Subnet.parse(pool.base());
            if (base == null) {
                throw new NetworkException(
                        NetworkException.Kind.INVALID,
                        "invalid base pool \"" + pool.base() + "\": invalid CIDR address: " + pool.base());
            }
            checkSize(pool, base.prefix(), 30);
            pools.add(new Pool(base.network(), pool.size()));
        }
    }

    private static void checkSize(NetworkConfig.AddressPool pool, int least, int most) throws NetworkException {
        if (pool.size() < least || pool.size() > most) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "invalid pools size " + pool.size() + ", cannot be divided from " + pool.base());
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

    /**
     * The first free IPv6 subnet; of no pools, a random unique local one (RFC 4193).
     *
     * @param host tells what the host uses
     * @param others what other networks use
     */
    Ipv6Subnet choose6(RouteNetlink host, List<Ipv6Subnet> others) throws NetworkException, LinuxException {
        var used = new ArrayList<>(others);
        host.addresses6().forEach(address -> used.add(subnet6(address)));
        host.routes6().forEach(route -> used.add(subnet6(route)));
        if (pools6.isEmpty()) {
            while (true) {
                long random = ThreadLocalRandom.current().nextLong(1L << 40);
                var candidate = new Ipv6Subnet(0xfdL << 56 | random << 16, 0, 64);
                if (used.stream().noneMatch(candidate::overlaps)) {
                    return candidate;
                }
            }
        }
        for (var pool : pools6) {
            var candidate = new Ipv6Subnet(pool.base().high(), pool.base().low(), pool.size());
            while (pool.base().contains(candidate)) {
                var other = used.stream().filter(candidate::overlaps).findFirst();
                if (other.isEmpty()) {
                    return candidate;
                }
                var next = after(candidate, other.get());
                if (next == null) {
                    break;
                }
                candidate = next;
            }
        }
        throw new NetworkException(
                NetworkException.Kind.SYSTEM,
                "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network");
    }

    /** The subnet of the same size that begins behind both; null if there are no more. */
    private static @Nullable Ipv6Subnet after(Ipv6Subnet candidate, Ipv6Subnet other) {
        int prefix = Math.min(candidate.prefix(), other.prefix());
        if (prefix == 0) {
            return null;
        }
        var step = BigInteger.ONE.shiftLeft(128 - prefix);
        var start = new BigInteger(
                1,
                new Ipv6Subnet(candidate.high(), candidate.low(), prefix)
                        .network()
                        .bytes());
        var next = start.add(step);
        if (next.bitLength() > 128) {
            return null;
        }
        return new Ipv6Subnet(next.shiftRight(64).longValue(), next.longValue(), candidate.prefix());
    }

    private static Ipv6Subnet subnet6(RouteNetlink.Address address) {
        var bytes = ByteBuffer.wrap(address.address());
        return new Ipv6Subnet(bytes.getLong(), bytes.getLong(), address.prefix());
    }

    private static Ipv4Subnet subnet(RouteNetlink.Address address) {
        return new Ipv4Subnet(ByteBuffer.wrap(address.address()).getInt(), address.prefix());
    }
}
