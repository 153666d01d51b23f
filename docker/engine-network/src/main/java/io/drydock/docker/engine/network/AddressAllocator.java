package io.drydock.docker.engine.network;

import java.util.BitSet;

/** The addresses of one subnet, lowest free first; the network's own, its broadcast address and the gateway are never given. */
final class AddressAllocator {
    private final Ipv4Subnet range;
    private final BitSet taken = new BitSet();

    /**
     * The addresses of a subnet.
     *
     * @param subnet the network's subnet
     * @param range the part of it that addresses are taken from
     */
    AddressAllocator(Ipv4Subnet subnet, Ipv4Subnet range) {
        this.range = range.network();
        if (subnet.prefix() < 31) {
            reserve(subnet.network().address());
            reserve(subnet.broadcast());
        }
    }

    /** Takes the lowest free address. */
    synchronized int allocate() throws NetworkException {
        int index = taken.nextClearBit(0);
        if (index >= 1L << (32 - range.prefix())) {
            throw new NetworkException(
                    NetworkException.Kind.SYSTEM, "no available IPv4 addresses on this network's address pools");
        }
        taken.set(index);
        return range.address() + index;
    }

    /** Takes an address that is known to be in use. Outside of the range it does nothing, for it would not be given anyway. */
    synchronized void reserve(int address) {
        if (range.contains(address)) {
            taken.set(address - range.address());
        }
    }

    /** Gives an address back. */
    synchronized void release(int address) {
        if (range.contains(address)) {
            taken.clear(address - range.address());
        }
    }
}
