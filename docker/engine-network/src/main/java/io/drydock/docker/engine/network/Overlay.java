package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tunnel of an overlay network: a VXLAN interface (RFC 7348) that is a port of the network's bridge. What is sent to
 * everybody, and to whom the place is not known, is sent to each of the peers; the interface learns from what comes back.
 *
 * @param identifier the VXLAN network identifier, 1–16777215, the same on all hosts
 * @param port the UDP port, the same on all hosts
 * @param local the host's address that packets are sent from, four bytes; null for the one of the route
 * @param peers the addresses of the other hosts, four bytes each
 */
record Overlay(int identifier, int port, byte @Nullable [] local, List<byte[]> peers) {
    static final String IDENTIFIER = "com.docker.network.driver.overlay.vxlanid_list";
    static final String PEERS = "peers";
    static final String PORT = "port";
    static final String LOCAL = "local";

    /** The MTU of an Ethernet without what VXLAN puts before a packet. */
    static final int MTU = 1450;

    private static final int STANDARD_PORT = 4789;
    private static final int MAX_IDENTIFIER = (1 << 24) - 1;

    /** What a network's options say. */
    static Overlay of(Map<String, String> options) throws NetworkException {
        var identifier = options.get(IDENTIFIER);
        if (identifier == null) {
            throw new NetworkException(
                    Kind.INVALID,
                    "overlay networks need an identifier that is the same on all hosts (-o " + IDENTIFIER + "=4096)");
        }
        var peers = new ArrayList<byte[]>();
        for (var peer : options.getOrDefault(PEERS, "").split(",", -1)) {
            if (!peer.isBlank()) {
                peers.add(address(PEERS, peer.strip()));
            }
        }
        var local = options.get(LOCAL);
        return new Overlay(
                number(IDENTIFIER, identifier, MAX_IDENTIFIER),
                number(PORT, options.getOrDefault(PORT, Integer.toString(STANDARD_PORT)), 65535),
                local == null ? null : address(LOCAL, local),
                List.copyOf(peers));
    }

    private static byte[] address(String option, String text) throws NetworkException {
        var address = Ipv4Subnet.parseAddress(text);
        if (address == null) {
            throw new NetworkException(
                    Kind.INVALID, "failed to parse " + option + " value: " + text + " (no IPv4 address)");
        }
        return Ipv4Subnet.bytes(address);
    }

    private static int number(String option, String text, int most) throws NetworkException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new NetworkException(
                Kind.INVALID, "failed to parse " + option + " value: " + text + " (no number from 1 to " + most + ")");
    }

    /** The name of the VXLAN interface. */
    static String interfaceOf(Network network) {
        return "vx-" + network.id().substring(0, 12);
    }

    /** Makes the VXLAN interface, if there is none, a port of the bridge. */
    void bringUp(String name, int bridge, int mtu, RouteNetlink host) throws IOException {
        if (host.link(name) == null) {
            try {
                host.createVxlan(name, identifier, port, local);
            } catch (LinuxException e) {
                throw switch (e.errno()) {
                    case Errno.EOPNOTSUPP ->
                        new IOException("the kernel has no VXLAN, which overlay networks consist of", e);
                    case Errno.EEXIST ->
                        new IOException("VXLAN " + identifier + " is used by another interface of the host", e);
                    default -> e;
                };
            }
            var link = host.link(name);
            if (link == null) {
                throw new IOException("interface " + name + " is gone");
            }
            for (var peer : peers) {
                host.addVxlanPeer(link.index(), peer);
            }
        }
        host.enslave(name, bridge, mtu, false);
    }
}
