package io.drydock.runc.runtime;

import io.drydock.linux.CloneFlags;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.netlink.NetlinkBatch;
import io.drydock.linux.netlink.NetlinkMessage;
import io.drydock.linux.netlink.NetlinkSocket;
import io.drydock.spec.oci.runtime.NetDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Moves network devices of the runtime's network namespace into the container's: the name changes in the same step, so that it
 * meets no other one; the addresses, which the kernel drops, are given again. They go back when the namespace ends, as the kernel
 * does with physical ones.
 */
final class NetworkDevices {
    private static final int NEWLINK = 16;
    private static final int GETLINK = 18;
    private static final int NEWADDR = 20;
    private static final int GETADDR = 22;
    private static final int LINK_HEADER = 16;
    private static final int ADDRESS_HEADER = 8;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_FLAGS = 8;
    private static final int PERMANENT = 0x80;
    private static final int GLOBAL = 0;
    private static final int UP = 1;
    private static final int LAST_WITH_BROADCAST = 30;

    private final Linux linux;

    NetworkDevices(Linux linux) {
        this.linux = linux;
    }

    /** {@code pid}: who is in the container's namespace. */
    void move(Map<String, NetDevice> devices, int pid) throws IOException {
        if (devices.isEmpty()) {
            return;
        }
        String path = "/proc/" + pid + "/ns/net";
        try (Fd namespace = linux.files().open(path, O.RDONLY);
                NetlinkSocket here = NetlinkSocket.route(linux);
                NetlinkSocket there = socketIn(namespace)) {
            for (Map.Entry<String, NetDevice> device : devices.entrySet()) {
                String inside = device.getValue().name();
                try {
                    move(
                            here,
                            there,
                            namespace,
                            device.getKey(),
                            inside == null || inside.isEmpty() ? device.getKey() : inside);
                } catch (LinuxException e) {
                    throw new IOException(
                            "move netDevice " + device.getKey() + " to namespace " + path + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** Only a thread of its own may enter another network namespace; the socket it opens there serves all. */
    private NetlinkSocket socketIn(Fd namespace) throws IOException {
        FutureTask<NetlinkSocket> opening = new FutureTask<>(() -> {
            linux.mounts().setns(namespace, CloneFlags.NEWNET);
            return NetlinkSocket.route(linux);
        });
        Thread.ofPlatform().daemon().start(opening);
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw new IOException("enter the container's network namespace: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void move(NetlinkSocket here, NetlinkSocket there, Fd namespace, String name, String inside)
            throws LinuxException {
        int index = index(here, name);
        // before it is down: that takes the addresses of version 6
        List<Address> addresses = addresses(here, index);
        here.execute(link("set link down", index, 0));
        here.execute(new NetlinkBatch()
                .message("move to namespace", NEWLINK, NetlinkBatch.ACK)
                .header32(0)
                .header32(index)
                .header32(0)
                .header32(0)
                .attribute(IFLA_IFNAME, inside)
                .attribute(IFLA_NET_NS_FD, namespace.number()));
        int moved = index(there, inside);
        for (Address address : addresses) {
            there.execute(address.batch(moved));
        }
        there.execute(link("set link up", moved, UP));
    }

    private static NetlinkBatch link(String operation, int index, int up) {
        return new NetlinkBatch()
                .message(operation, NEWLINK, NetlinkBatch.ACK)
                .header32(0)
                .header32(index)
                .header32(up)
                .header32(UP);
    }

    private static int index(NetlinkSocket socket, String name) throws LinuxException {
        List<NetlinkMessage> found = socket.query(new NetlinkBatch()
                .message("find interface " + name, GETLINK, 0)
                .header(new byte[LINK_HEADER])
                .attribute(IFLA_IFNAME, name));
        if (found.isEmpty()) {
            throw new LinuxException("find interface " + name, null, Errno.ENODEV);
        }
        return found.getFirst().header32(4);
    }

    /** An address as the user gave it. */
    private record Address(int family, int prefix, byte[] address) {
        /** Null for one that does not go along: a temporary one, or one whose scope is not global. */
        static @Nullable Address of(NetlinkMessage message) {
            Map<Integer, byte[]> attributes = message.attributes(ADDRESS_HEADER);
            byte[] wide = attributes.get(IFA_FLAGS);
            int flags = wide == null ? message.header8(2) : NetlinkMessage.number(wide);
            byte[] address = attributes.getOrDefault(IFA_LOCAL, attributes.get(IFA_ADDRESS));
            return address == null || (flags & PERMANENT) == 0 || message.header8(3) != GLOBAL
                    ? null
                    : new Address(message.header8(0), message.header8(1), address);
        }

        NetlinkBatch batch(int index) {
            NetlinkBatch batch = new NetlinkBatch()
                    .message("add address", NEWADDR, NetlinkBatch.CREATE | NetlinkBatch.REPLACE | NetlinkBatch.ACK)
                    .header((byte) family, (byte) prefix, (byte) 0, (byte) GLOBAL)
                    .header32(index)
                    .attribute(IFA_LOCAL, address)
                    .attribute(IFA_ADDRESS, address);
            return address.length == Integer.BYTES && prefix <= LAST_WITH_BROADCAST
                    ? batch.attribute(IFA_BROADCAST, broadcast())
                    : batch;
        }

        private byte[] broadcast() {
            byte[] all = Arrays.copyOf(address, address.length);
            for (int bit = prefix; bit < all.length * Byte.SIZE; bit++) {
                all[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
            }
            return all;
        }
    }

    private static List<Address> addresses(NetlinkSocket socket, int index) throws LinuxException {
        List<Address> addresses = new ArrayList<>();
        for (NetlinkMessage message : socket.query(new NetlinkBatch()
                .message("list addresses", GETADDR, NetlinkBatch.DUMP)
                .header(new byte[ADDRESS_HEADER]))) {
            Address address = message.header32(4) == index ? Address.of(message) : null;
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }
}
