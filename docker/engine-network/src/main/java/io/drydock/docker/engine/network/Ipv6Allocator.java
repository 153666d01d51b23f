package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import java.util.HashSet;
import java.util.Set;

/** The addresses of one IPv6 subnet, lowest free first; the subnet's own address is never given. */
final class Ipv6Allocator {
    private final Ipv6Subnet subnet;
    private final Ipv6Subnet range;
    private final Set<Ipv6Subnet> taken = new HashSet<>();

    /**
     * The addresses of a subnet.
     *
     * @param subnet the network's subnet
     * @param range the part of it that addresses are chosen from
     */
    Ipv6Allocator(Ipv6Subnet subnet, Ipv6Subnet range) {
        this.subnet = subnet.network();
        this.range = range.network();
        reserve(this.subnet);
    }

    /** Takes the lowest free address. */
    synchronized Ipv6Subnet allocate() throws NetworkException {
        // of what is taken nothing can fill more than as many steps
        for (long offset = 0; offset <= taken.size(); offset++) {
            var address = single(range.plus(offset));
            if (!range.contains(address)) {
                break;
            }
            if (taken.add(address)) {
                return address;
            }
        }
        throw new NetworkException(Kind.FORBIDDEN, "no available IPv6 addresses on this network's address pools");
    }

    /** Takes this address, also one outside of the range. */
    synchronized Ipv6Subnet allocate(Ipv6Subnet wanted) throws NetworkException {
        if (!subnet.contains(wanted)) {
            throw new NetworkException(
                    Kind.INVALID,
                    "Invalid address " + wanted.address() + ": It does not belong to any of this network's subnets");
        }
        if (!taken.add(single(wanted))) {
            throw new NetworkException(Kind.FORBIDDEN, "Address already in use");
        }
        return single(wanted);
    }

    /** Takes an address that is known to be in use. */
    synchronized void reserve(Ipv6Subnet address) {
        taken.add(single(address));
    }

    /** Gives an address back. */
    synchronized void release(Ipv6Subnet address) {
        taken.remove(single(address));
    }

    private static Ipv6Subnet single(Ipv6Subnet address) {
        return new Ipv6Subnet(address.high(), address.low(), 128);
    }
}
