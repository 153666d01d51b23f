package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Firewall.Publication;
import io.drydock.docker.proxy.forward.ForwardedPort;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Publishes ports of containers at the host: chooses the host's port, takes it, and has it translated.
 *
 * <p>A request without an address takes the port at all IPv4 and, if the host has IPv6, at all IPv6 addresses; for a container
 * without IPv6 the latter only through docker-proxy. To a container without IPv4 nothing leads from IPv4 addresses, as with the
 * original. Safe for several threads.
 */
final class PortPublisher implements AutoCloseable {
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");
    private static final InetAddress LOOPBACK_V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_V6 = InetAddress.ofLiteral("::1");
    private static final int TRIES = 64;

    private final @Nullable Firewall firewall;
    private final PortHolder holder;
    private final SctpPorts sctp;
    private final Rules rules;
    private final int firstEphemeral;
    private final int lastEphemeral;

    private final Map<Place, BitSet> taken = new HashMap<>();
    private int nextEphemeral;

    /**
     * How ports are published.
     *
     * @param ipv6 whether the host can listen at IPv6 addresses
     * @param proxy whether docker-proxy forwards, from any family to any
     * @param policy who else decides
     */
    record Rules(boolean ipv6, boolean proxy, PublishPolicy policy) {}

    private record Place(Protocol protocol, InetAddress address) {}

    /**
     * A publisher without ports.
     *
     * @param firewall where translation is set up; null if the engine makes no rules
     * @param holder takes the ports
     * @param sctp takes those of SCTP
     * @param firstEphemeral the first port that is given when any will do
     * @param lastEphemeral the last such port
     */
    PortPublisher(
            @Nullable Firewall firewall,
            PortHolder holder,
            SctpPorts sctp,
            Rules rules,
            int firstEphemeral,
            int lastEphemeral) {
        this.firewall = rules.policy() == PublishPolicy.FIREWALL ? null : firewall;
        this.holder = holder;
        this.sctp = sctp;
        this.rules = rules;
        this.firstEphemeral = firstEphemeral;
        this.lastEphemeral = lastEphemeral;
        this.nextEphemeral = firstEphemeral;
    }

    /**
     * Publishes ports of a container, all or none.
     *
     * @throws IOException with the original's words
     */
    List<PublishedPort> publish(ContainerAddress address, List<PortRequest> requests) throws IOException {
        var published = new ArrayList<PublishedPort>();
        try {
            for (var request : requests) {
                published.addAll(publish(address, request));
            }
            if (firewall != null) {
                firewall.publish(publications(address, published));
            }
            return List.copyOf(published);
        } catch (IOException e) {
            giveBack(address, published);
            throw e;
        }
    }

    /** Withdraws what {@link #publish} returned. */
    void withdraw(ContainerAddress address, List<PublishedPort> published) throws IOException {
        if (published.isEmpty()) {
            return;
        }
        try {
            if (firewall != null) {
                firewall.withdraw(publications(address, published));
            }
        } finally {
            giveBack(address, published);
        }
    }

    /**
     * Goes on with what an earlier daemon published; the firewall has it after its next rebuild.
     *
     * @param held the ports that are still held for it
     * @throws IOException if a port that is no longer held was taken by another program meanwhile; all others are published
     */
    void adopt(ContainerAddress address, List<PublishedPort> published, Set<ForwardedPort> held) throws IOException {
        if (firewall != null) {
            firewall.adopt(publications(address, published));
        }
        synchronized (taken) {
            published.forEach(port -> taken(place(port)).set(port.hostPort(), port.hostPort() + port.count()));
        }
        IOException failure = null;
        for (var port : published) {
            var forwarded = forwarded(address, port);
            try {
                if (!held.contains(forwarded)) {
                    hold(port.protocol(), forwarded);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Lets go of ports that an earlier daemon's docker-proxy forwards for containers that are gone. */
    void forget(Collection<ForwardedPort> ports) {
        ports.forEach(holder::release);
    }

    private List<PublishedPort> publish(ContainerAddress address, PortRequest request) throws IOException {
        boolean proxy = rules.proxy() && request.protocol() != Protocol.SCTP;
        if (request.protocol() == Protocol.SCTP && rules.policy() == PublishPolicy.FIREWALL) {
            throw new IOException("sctp ports are not published with the publish-policy \"firewall\"");
        }
        var hosts = hosts(request.hostAddress(), address.ipv4() != null, proxy || address.ipv6() != null);
        if (request.exact()) {
            return take(address, request, hosts, request.firstHostPort());
        }
        IOException last = null;
        boolean any = request.firstHostPort() == 0;
        int tries = any ? TRIES : request.lastHostPort() - request.firstHostPort() + 1;
        for (int i = 0; i < tries; i++) {
            int port = any ? nextEphemeral() : request.firstHostPort() + i;
            try {
                return take(address, request, hosts, port);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last == null ? new IOException("all ports are allocated") : last;
    }

    private int nextEphemeral() {
        synchronized (taken) {
            int port = nextEphemeral;
            nextEphemeral = port == lastEphemeral ? firstEphemeral : port + 1;
            return port;
        }
    }

    /** The addresses of the host: those wanted of the families that lead to the container. */
    private List<InetAddress> hosts(@Nullable InetAddress wanted, boolean from4, boolean from6) throws IOException {
        if (wanted instanceof Inet6Address && !from6) {
            throw new IOException(
                    "Cannot map from IPv6 to an IPv4-only container because the userland proxy is disabled");
        }
        if (wanted != null) {
            return wanted instanceof Inet6Address || from4 ? List.of(wanted) : List.of();
        }
        boolean local = rules.policy() == PublishPolicy.LOCAL;
        var hosts = new ArrayList<InetAddress>();
        if (from4) {
            hosts.add(local ? LOOPBACK_V4 : ANY_V4);
        }
        if (from6 && rules.ipv6()) {
            hosts.add(local ? LOOPBACK_V6 : ANY_V6);
        }
        return hosts;
    }

    private List<PublishedPort> take(ContainerAddress address, PortRequest request, List<InetAddress> hosts, int port)
            throws IOException {
        var done = new ArrayList<PublishedPort>();
        try {
            for (var host : hosts) {
                var published = new PublishedPort(
                        request.protocol(), request.containerPort(), Ipv6Subnet.text(host), port, request.count());
                reserve(published);
                try {
                    hold(request.protocol(), forwarded(address, published));
                } catch (IOException e) {
                    free(published);
                    throw e;
                }
                done.add(published);
            }
            return done;
        } catch (IOException e) {
            giveBack(address, done);
            throw e;
        }
    }

    private void giveBack(ContainerAddress address, List<PublishedPort> published) {
        for (var port : published) {
            release(port.protocol(), forwarded(address, port));
            free(port);
        }
    }

    /** Takes the ports from other containers: all, or none. */
    private void reserve(PublishedPort wanted) throws IOException {
        synchronized (taken) {
            var ports = taken(place(wanted));
            int end = wanted.hostPort() + wanted.count();
            int first = ports.nextSetBit(wanted.hostPort());
            if (first >= 0 && first < end) {
                throw new IOException(
                        "Bind for " + wanted.hostIp() + ":" + first + " failed: port is already allocated");
            }
            ports.set(wanted.hostPort(), end);
        }
    }

    private void free(PublishedPort port) {
        synchronized (taken) {
            taken(place(port)).clear(port.hostPort(), port.hostPort() + port.count());
        }
    }

    private BitSet taken(Place place) {
        return taken.computeIfAbsent(place, unused -> new BitSet());
    }

    private void hold(Protocol protocol, ForwardedPort port) throws IOException {
        if (protocol == Protocol.SCTP) {
            sctp.hold(port);
        } else {
            holder.hold(port);
        }
    }

    private void release(Protocol protocol, ForwardedPort port) {
        if (protocol == Protocol.SCTP) {
            sctp.release(port);
        } else {
            holder.release(port);
        }
    }

    private static Place place(PublishedPort port) {
        return new Place(port.protocol(), InetAddress.ofLiteral(port.hostIp()));
    }

    static ForwardedPort forwarded(ContainerAddress address, PublishedPort port) {
        var host = InetAddress.ofLiteral(port.hostIp());
        return new ForwardedPort(
                port.protocol() == Protocol.UDP,
                new InetSocketAddress(host, port.hostPort()),
                new InetSocketAddress(address.behind(host), port.containerPort()),
                port.count());
    }

    /** What the firewall is to translate: within a family of addresses. */
    private static List<Publication> publications(ContainerAddress address, List<PublishedPort> published) {
        var publications = new ArrayList<Publication>();
        for (var port : published) {
            var host = InetAddress.ofLiteral(port.hostIp());
            var container = address.behind(host);
            if (host.getClass() == container.getClass()) {
                publications.add(new Publication(
                        port.protocol(), host, port.hostPort(), container, port.containerPort(), port.count()));
            }
        }
        return publications;
    }

    @Override
    public void close() {
        holder.close();
        sctp.close();
    }
}
