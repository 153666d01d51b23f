package io.drydock.docker.engine.network.netlink;

import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import io.drydock.linux.netlink.NetlinkBatch;
import io.drydock.linux.netlink.NetlinkMessage;
import io.drydock.linux.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Interfaces, addresses and routes of the Linux network namespace in which the socket was opened. Each method is one system
 * call and one answer. Safe for several threads.
 */
public final class RouteNetlink implements AutoCloseable {
    private static final int NEWLINK = 16;
    private static final int DELLINK = 17;
    private static final int GETLINK = 18;
    private static final int NEWADDR = 20;
    private static final int GETADDR = 22;
    private static final int NEWROUTE = 24;
    private static final int GETROUTE = 26;
    private static final int NEWNEIGH = 28;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BRPORT_MODE = 4;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFF_UP = 1;
    private static final int AF_INET = 2;
    private static final int AF_BRIDGE = 7;
    private static final int NUD_NOARP = 0x40;
    private static final int NUD_PERMANENT = 0x80;
    private static final int NTF_SELF = 2;
    private static final int AF_INET6 = 10;
    private static final int IFA_F_NODAD = 2;
    private static final int MAIN_TABLE = 254;

    private static final byte[] NO_LINK = new byte[16];

    private final NetlinkSocket socket;

    /** Speaks over that socket, and closes it in the end. */
    public RouteNetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * An interface.
     *
     * @param index its number
     * @param name its name
     * @param up whether it is up
     * @param mtu its MTU in bytes
     * @param macAddress six bytes
     * @param master the number of the bridge it is a port of; 0 for none
     */
    public record Link(int index, String name, boolean up, int mtu, byte[] macAddress, int master) {}

    /**
     * An address of an interface, or the destination of a route.
     *
     * @param link the interface's number
     * @param address four or sixteen bytes
     * @param prefix the length of its prefix
     */
    public record Address(int link, byte[] address, int prefix) {}

    /** The interface of that name; null if there is none. */
    public @Nullable Link link(String name) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("get link " + name, GETLINK, 0)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name);
        try {
            var answers = socket.query(batch);
            return answers.isEmpty() ? null : toLink(answers.getFirst());
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENODEV) {
                return null;
            }
            throw e;
        }
    }

    /** All interfaces. */
    public List<Link> links() throws LinuxException {
        var batch = new NetlinkBatch()
                .message("list links", GETLINK, NetlinkBatch.DUMP)
                .header(NO_LINK);
        return socket.query(batch).stream().map(RouteNetlink::toLink).toList();
    }

    /** The name of the interface that is gone, if that is what a notification says; else null. */
    public static @Nullable String deleted(NetlinkMessage message) {
        return message.type() == DELLINK ? toLink(message).name() : null;
    }

    private static Link toLink(NetlinkMessage message) {
        var attributes = message.attributes(16);
        return new Link(
                message.header32(4),
                NetlinkMessage.string(attributes.getOrDefault(IFLA_IFNAME, new byte[0])),
                (message.header32(8) & IFF_UP) != 0,
                number(attributes, IFLA_MTU),
                attributes.getOrDefault(IFLA_ADDRESS, new byte[6]),
                number(attributes, IFLA_MASTER));
    }

    private static int number(Map<Integer, byte[]> attributes, int type) {
        var value = attributes.get(type);
        return value == null ? 0 : NetlinkMessage.number(value);
    }

    /** All IPv4 addresses. */
    public List<Address> addresses() throws LinuxException {
        return addresses(AF_INET);
    }

    /** All IPv6 addresses, link-local ones among them. */
    public List<Address> addresses6() throws LinuxException {
        return addresses(AF_INET6);
    }

    private List<Address> addresses(int family) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("list addresses", GETADDR, NetlinkBatch.DUMP)
                .header((byte) family, (byte) 0, (byte) 0, (byte) 0)
                .header32(0);
        var found = new ArrayList<Address>();
        for (var message : socket.query(batch)) {
            var attributes = message.attributes(8);
            var address = attributes.getOrDefault(2, attributes.get(1)); // IFA_LOCAL, IFA_ADDRESS
            if (address != null && message.header8(0) == family) {
                found.add(new Address(message.header32(4), address, message.header8(1)));
            }
        }
        return found;
    }

    /** The destinations of all IPv4 routes of the main table but the default routes. */
    public List<Address> routes() throws LinuxException {
        return routes(AF_INET);
    }

    /** The destinations of all IPv6 routes of the main table but the default routes. */
    public List<Address> routes6() throws LinuxException {
        return routes(AF_INET6);
    }

    private List<Address> routes(int family) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("list routes", GETROUTE, NetlinkBatch.DUMP)
                .header((byte) family, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0)
                .header32(0);
        var found = new ArrayList<Address>();
        for (var message : socket.query(batch)) {
            var attributes = message.attributes(12);
            var destination = attributes.get(1);
            if (destination != null && message.header8(0) == family && message.header8(4) == MAIN_TABLE) {
                found.add(new Address(number(attributes, 4), destination, message.header8(1)));
            }
        }
        return found;
    }

    /** Makes a bridge, down, with that MAC address; with the kernel's MTU if 0 is given. */
    public void createBridge(String name, byte[] macAddress, int mtu) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("create bridge " + name, NEWLINK, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_ADDRESS, macAddress);
        if (mtu != 0) {
            batch.attribute(IFLA_MTU, mtu);
        }
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "bridge").end(info);
        socket.execute(batch);
    }

    /**
     * Makes a pair of interfaces, both down: one end here, the other in another namespace.
     *
     * @param name the end here
     * @param peer the end over there
     * @param namespace a descriptor of the other namespace
     */
    public void createVeth(String name, String peer, int namespace) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("create veth " + name, NEWLINK, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "veth");
        int data = batch.nest(IFLA_INFO_DATA);
        int other = batch.nest(VETH_INFO_PEER);
        batch.header(NO_LINK).attribute(IFLA_IFNAME, peer).attribute(IFLA_NET_NS_FD, namespace);
        batch.end(other).end(data).end(info);
        socket.execute(batch);
    }

    /**
     * Makes an interface of kind VXLAN, down, that learns where others are.
     *
     * @param identifier the VXLAN network identifier
     * @param port the UDP port
     * @param local four bytes; null for the address of the route
     */
    public void createVxlan(String name, int identifier, int port, byte @Nullable [] local) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("create vxlan " + name, NEWLINK, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "vxlan");
        int data = batch.nest(IFLA_INFO_DATA);
        batch.attribute(1, identifier) // IFLA_VXLAN_ID
                .attribute(7, new byte[] {1}) // IFLA_VXLAN_LEARNING
                .attribute(15, new byte[] {(byte) (port >> 8), (byte) port}); // IFLA_VXLAN_PORT
        if (local != null) {
            batch.attribute(4, local); // IFLA_VXLAN_LOCAL
        }
        batch.end(data).end(info);
        socket.execute(batch);
    }

    /** A VXLAN interface sends what is for all, and for those it does not know, to that address, too. */
    public void addVxlanPeer(int link, byte[] address) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("add peer", NEWNEIGH, NetlinkBatch.CREATE | NetlinkBatch.APPEND | NetlinkBatch.ACK)
                .header((byte) AF_BRIDGE, (byte) 0, (byte) 0, (byte) 0)
                .header32(link)
                .header(shortValue(NUD_NOARP | NUD_PERMANENT))
                .header((byte) NTF_SELF, (byte) 0)
                .attribute(1, address) // NDA_DST
                .attribute(2, new byte[6]); // NDA_LLADDR
        socket.execute(batch);
    }

    /** Makes an interface of kind VLAN, down: what of the parent has that identifier. */
    public void createVlan(String name, int parent, int identifier) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("create vlan " + name, NEWLINK, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_LINK, parent);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "vlan");
        int data = batch.nest(IFLA_INFO_DATA);
        batch.attribute(1, shortValue(identifier)).end(data).end(info); // IFLA_VLAN_ID
        socket.execute(batch);
    }

    /** Makes an interface of kind dummy, down: what is sent there is lost. */
    public void createDummy(String name) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("create dummy " + name, NEWLINK, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "dummy").end(info);
        socket.execute(batch);
    }

    /** Makes an interface of kind macvlan in another namespace, as a child of an interface here; mode as the kernel has it. */
    public void createMacvlan(int parent, String name, int namespace, int mode) throws LinuxException {
        var batch = child("macvlan", parent, name, namespace);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "macvlan");
        int data = batch.nest(IFLA_INFO_DATA);
        batch.attribute(1, mode).end(data).end(info);
        socket.execute(batch);
    }

    /** Makes an interface of kind ipvlan in another namespace, as a child of an interface here. */
    public void createIpvlan(int parent, String name, int namespace, int mode, int flag) throws LinuxException {
        var batch = child("ipvlan", parent, name, namespace);
        int info = batch.nest(IFLA_LINKINFO);
        batch.attribute(IFLA_INFO_KIND, "ipvlan");
        int data = batch.nest(IFLA_INFO_DATA);
        batch.attribute(1, shortValue(mode))
                .attribute(2, shortValue(flag))
                .end(data)
                .end(info);
        socket.execute(batch);
    }

    private static NetlinkBatch child(String kind, int parent, String name, int namespace) {
        return new NetlinkBatch()
                .message(
                        "create " + kind + " " + name,
                        NEWLINK,
                        NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_LINK, parent)
                .attribute(IFLA_NET_NS_FD, namespace);
    }

    private static byte[] shortValue(int value) {
        return ByteBuffer.allocate(2)
                .order(ByteOrder.nativeOrder())
                .putShort((short) value)
                .array();
    }

    /**
     * Makes the interface a port of the bridge and brings it up.
     *
     * @param mtu in bytes; 0 to leave it
     * @param hairpin whether the bridge may send a packet back through the port it came from
     */
    public void enslave(String name, int bridge, int mtu, boolean hairpin) throws LinuxException {
        var batch = setLink("set master of " + name, name, IFF_UP).attribute(IFLA_MASTER, bridge);
        if (mtu != 0) {
            batch.attribute(IFLA_MTU, mtu);
        }
        if (hairpin) {
            batch.message("set hairpin mode of " + name, NEWLINK, NetlinkBatch.ACK)
                    .header(NO_LINK)
                    .attribute(IFLA_IFNAME, name);
            int info = batch.nest(IFLA_LINKINFO);
            batch.attribute(IFLA_INFO_SLAVE_KIND, "bridge");
            int data = batch.nest(IFLA_INFO_SLAVE_DATA);
            batch.attribute(IFLA_BRPORT_MODE, new byte[] {1}).end(data).end(info);
        }
        socket.execute(batch);
    }

    /** Takes the interface down and puts it into a group, for {@link #deleteGroup}. */
    public void retire(String name, int group) throws LinuxException {
        socket.execute(setLink("set link " + name + " down", name, 0).attribute(IFLA_GROUP, group));
    }

    /** Deletes all interfaces of a group at once, which costs hardly more than one of them. */
    public void deleteGroup(int group) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("delete links of group " + group, DELLINK, NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_GROUP, group);
        try {
            socket.execute(batch);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENODEV) { // none left
                throw e;
            }
        }
    }

    /** Deletes an interface; nothing happens if there is none. */
    public void deleteLink(String name) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("delete link " + name, DELLINK, NetlinkBatch.ACK)
                .header(NO_LINK)
                .attribute(IFLA_IFNAME, name);
        try {
            socket.execute(batch);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    /** Moves an interface into another namespace, where it has another name. */
    public void move(String name, int namespace, String newName) throws LinuxException {
        var link = link(name);
        if (link == null) {
            throw new LinuxException("move link " + name, null, Errno.ENODEV);
        }
        var batch = new NetlinkBatch()
                .message("move link " + name, NEWLINK, NetlinkBatch.ACK)
                .header32(0)
                .header32(link.index())
                .header32(0)
                .header32(IFF_UP)
                .attribute(IFLA_NET_NS_FD, namespace)
                .attribute(IFLA_IFNAME, newName);
        socket.execute(batch);
    }

    /**
     * Adds a route.
     *
     * @param destination four bytes
     * @param gateway four bytes; null if the destination is at the interface itself
     */
    public void addRoute(int link, byte[] destination, int prefix, byte @Nullable [] gateway) throws LinuxException {
        byte scope = (byte) (gateway == null ? 253 : 0); // link, universe
        var batch = new NetlinkBatch()
                .message("add route", NEWROUTE, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header((byte) AF_INET, (byte) prefix, (byte) 0, (byte) 0, (byte) 254, (byte) 3, scope, (byte) 1)
                .header32(0)
                .attribute(1, destination) // RTA_DST
                .attribute(4, link); // RTA_OIF
        if (gateway != null) {
            batch.attribute(5, gateway);
        }
        socket.execute(batch);
    }

    /** Brings an interface up. */
    public void up(String name) throws LinuxException {
        socket.execute(setLink("set link " + name + " up", name, IFF_UP));
    }

    /** Gives an interface an IPv4 address; nothing happens if it has it. */
    public void addAddress(int link, byte[] address, int prefix) throws LinuxException {
        var batch = new NetlinkBatch();
        address(batch, link, address, prefix);
        try {
            socket.execute(batch);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** Gives an interface an IPv6 address, sixteen bytes, to be used at once; nothing happens if it has it. */
    public void addAddress6(int link, byte[] address, int prefix) throws LinuxException {
        var batch = new NetlinkBatch()
                .message("add address", NEWADDR, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header((byte) AF_INET6, (byte) prefix, (byte) IFA_F_NODAD, (byte) 0)
                .header32(link)
                .attribute(2, address) // IFA_LOCAL
                .attribute(1, address); // IFA_ADDRESS
        try {
            socket.execute(batch);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    /** Makes that IPv6 gateway, sixteen bytes, the default one, in place of another. */
    public void replaceDefaultRoute6(int link, byte[] gateway) throws LinuxException {
        socket.execute(defaultRoute(AF_INET6, new NetlinkBatch(), NetlinkBatch.REPLACE, link, gateway));
    }

    /**
     * Sets an interface up for use: MAC address, MTU, address, and a default route.
     *
     * @param link its number
     * @param name its new name; null to leave it
     * @param macAddress six bytes; null to leave it
     * @param mtu in bytes; 0 to leave it
     * @param address four bytes; null for none
     * @param prefix the length of the address's prefix
     * @param gateway four bytes; null for no default route
     */
    public void configure(
            int link,
            @Nullable String name,
            byte @Nullable [] macAddress,
            int mtu,
            byte @Nullable [] address,
            int prefix,
            byte @Nullable [] gateway)
            throws LinuxException {
        var batch = new NetlinkBatch()
                .message("set link up", NEWLINK, NetlinkBatch.ACK)
                .header32(0)
                .header32(link)
                .header32(IFF_UP)
                .header32(IFF_UP);
        if (macAddress != null) {
            batch.attribute(IFLA_ADDRESS, macAddress);
        }
        if (mtu != 0) {
            batch.attribute(IFLA_MTU, mtu);
        }
        if (name != null) {
            batch.attribute(IFLA_IFNAME, name);
        }
        if (address != null) {
            address(batch, link, address, prefix);
        }
        if (gateway != null) {
            defaultRoute(AF_INET, batch, NetlinkBatch.EXCL, link, gateway);
        }
        socket.execute(batch);
    }

    /** Makes that gateway, four bytes, the default one, in place of another. */
    public void replaceDefaultRoute(int link, byte[] gateway) throws LinuxException {
        socket.execute(defaultRoute(AF_INET, new NetlinkBatch(), NetlinkBatch.REPLACE, link, gateway));
    }

    private static NetlinkBatch defaultRoute(int family, NetlinkBatch batch, int flag, int link, byte[] gateway) {
        // family, dst_len, src_len, tos, table main, protocol boot, scope universe, type unicast
        return batch.message("set default route", NEWROUTE, NetlinkBatch.CREATE | flag | NetlinkBatch.ACK)
                .header((byte) family, (byte) 0, (byte) 0, (byte) 0, (byte) 254, (byte) 3, (byte) 0, (byte) 1)
                .header32(0)
                .attribute(5, gateway) // RTA_GATEWAY
                .attribute(4, link); // RTA_OIF
    }

    private static void address(NetlinkBatch batch, int link, byte[] address, int prefix) {
        var broadcast = address.clone();
        for (int bit = prefix; bit < 32; bit++) {
            broadcast[bit / 8] |= (byte) (0x80 >>> bit % 8);
        }
        batch.message("add address", NEWADDR, NetlinkBatch.CREATE | NetlinkBatch.EXCL | NetlinkBatch.ACK)
                .header((byte) AF_INET, (byte) prefix, (byte) 0, (byte) 0)
                .header32(link)
                .attribute(2, address) // IFA_LOCAL
                .attribute(1, address) // IFA_ADDRESS
                .attribute(4, broadcast); // IFA_BROADCAST
    }

    private static NetlinkBatch setLink(String operation, String name, int flags) {
        return new NetlinkBatch()
                .message(operation, NEWLINK, NetlinkBatch.ACK)
                .header32(0)
                .header32(0)
                .header32(flags)
                .header32(IFF_UP)
                .attribute(IFLA_IFNAME, name);
    }

    @Override
    public void close() {
        socket.close();
    }
}
