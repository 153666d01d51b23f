package io.drydock.docker.engine.network;

import io.drydock.linux.netlink.NetlinkMessage;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kernel's firewall, as far as it serves the engine's networks and published ports. Safe for several threads. */
interface Firewall extends AutoCloseable {

    /**
     * A network as the firewall sees it.
     *
     * @param bridge the name of its bridge
     * @param subnet its IPv4 subnet; null if it has none
     * @param masquerade whether its containers reach the outside under the host's address
     * @param icc whether its containers reach each other
     * @param internal whether there is no way in or out
     * @param ipv6 its IPv6 subnet; null if it has none
     */
    record BridgeRules(
            String bridge,
            @Nullable Ipv4Subnet subnet,
            boolean masquerade,
            boolean icc,
            boolean internal,
            @Nullable Ipv6Subnet ipv6) {}

    /**
     * A published port, or several that follow each other on both sides.
     *
     * @param protocol the protocol
     * @param host the address of the host; 0.0.0.0 or :: for all of the family
     * @param hostPort the (first) port of the host
     * @param container the container's address, of the same family
     * @param port the container's (first) port
     * @param count how many ports, at least 1
     */
    record Publication(Protocol protocol, InetAddress host, int hostPort, InetAddress container, int port, int count) {
        boolean isIpv6() {
            return host instanceof Inet6Address;
        }

        /** Whether these are several ports that have the same numbers at the host, so that only addresses are translated. */
        boolean keepsPorts() {
            return count > 1 && hostPort == port;
        }

        /** One by one. */
        Stream<Publication> each() {
            return IntStream.range(0, count)
                    .mapToObj(i -> new Publication(protocol, host, hostPort + i, container, port + i, 1));
        }

        /** Whether it is at all addresses of the host. */
        boolean everywhere() {
            return host.isAnyLocalAddress();
        }
    }

    /** The backend's name, {@code nftables} or {@code iptables}. */
    String name();

    /** Whether that notification of the kernel tells of a change somebody else made to what is this firewall's. */
    boolean isDisturbedBy(NetlinkMessage message);

    /** Whether the kernel notifies of every change. If not, {@link #isChanged} is to be asked about once a second. */
    boolean isNotified();

    /** Whether somebody else made a change, which no notification told of, since the last change of this firewall's. Cheap. */
    boolean isChanged() throws IOException;

    /** Adds a network, or changes it. */
    void putBridge(BridgeRules rules) throws IOException;

    /** Removes a network; nothing happens if there is none with that bridge. */
    void removeBridge(String bridge) throws IOException;

    /** Publishes ports, all or none. */
    void publish(Collection<Publication> added) throws IOException;

    /** Withdraws published ports. */
    void withdraw(Collection<Publication> removed) throws IOException;

    /** Takes a network over that an earlier process added; it is in the kernel after the next {@link #rebuild}. */
    void adopt(BridgeRules rules);

    /** Takes publications over that an earlier process made; they are in the kernel after the next {@link #rebuild}. */
    void adopt(Collection<Publication> known);

    /** Makes the rules in the kernel what they are to be. */
    void rebuild() throws IOException;

    /** The rules stay. */
    @Override
    void close();
}
