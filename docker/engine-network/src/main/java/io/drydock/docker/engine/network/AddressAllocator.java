package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import java.util.BitSet;

/** The addresses of one subnet, lowest free first; the network's own, its broadcast address and the gateway are never given. */
final class AddressAllocator implements Addresses {
    private final Ipv4Subnet subnet;
    private final Ipv4Subnet range;
    private final BitSet taken = new BitSet();

    /**
     * The addresses of a subnet.
     *
     * @param subnet the network's subnet
     * @param range the part of it that addresses are chosen from
     */
    AddressAllocator(Ipv4Subnet subnet, Ipv4Subnet range) {
        this.subnet = subnet.network();
        this.range = range.network();
        if (subnet.prefix() < 31) {
            reserve(subnet.network().address());
            reserve(subnet.broadcast());
        }
    }

    /** Takes the lowest free address. */
    @Override
    public synchronized int allocate() throws NetworkException {
        int index = taken.nextClearBit(range.address() - subnet.address());
        int address = subnet.address() + index;
        if (!range.contains(address) || !subnet.contains(address)) {
            throw new NetworkException(Kind.FORBIDDEN, "no available IPv4 addresses on this network's address pools");
        }
        taken.set(index);
        return address;
    }

    /** Takes this address, also one outside of the range. */
    @Override
    public synchronized void allocate(int address) throws NetworkException {
        if (!subnet.contains(address)) {
            throw new NetworkException(
                    Kind.INVALID,
                    "Invalid address " + Ipv4Subnet.format(address)
                            + ": It does not belong to any of this network's subnets");
        }
        if (taken.get(address - subnet.address())) {
            throw new NetworkException(Kind.FORBIDDEN, "Address already in use");
        }
        taken.set(address - subnet.address());
    }

    /** Takes an address that is known to be in use. Outside of the subnet it does nothing, for it would not be given anyway. */
    @Override
    public synchronized void reserve(int address) {
        if (subnet.contains(address)) {
            taken.set(address - subnet.address());
        }
    }

    /** Gives an address back. */
    @Override
    public synchronized void release(int address) {
        if (subnet.contains(address)) {
            taken.clear(address - subnet.address());
        }
    }
}
