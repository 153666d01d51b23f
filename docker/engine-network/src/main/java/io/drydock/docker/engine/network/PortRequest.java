package io.drydock.docker.engine.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A wish to publish a container's port, or several that follow each other.
 *
 * @param protocol the protocol
 * @param containerPort the (first) port inside the container, 1–65535
 * @param hostAddress the address of the host to listen at; null for the engine's default, which is all addresses of both families
 * @param firstHostPort the first acceptable port of the host, 1–65535, or 0 for any free one
 * @param lastHostPort the last acceptable port of the host, the same as the first for exactly that one; 0 if the first is 0
 * @param count how many ports, at least 1; more than 1 only if exactly the first is acceptable for the first, and for each
 *     other the one that is as much higher
 */
public record PortRequest(
        Protocol protocol,
        int containerPort,
        @Nullable InetAddress hostAddress,
        int firstHostPort,
        int lastHostPort,
        int count) {

    /** The request as a word that {@link #parse(String)} reads. */
    String text() {
        return containerPort + "/" + protocol + "|" + (hostAddress == null ? "" : hostAddress.getHostAddress()) + "|"
                + firstHostPort + "-" + lastHostPort + "|" + count;
    }

    /** Reads what {@link #text} writes, and what it wrote before there were ranges. */
    static PortRequest parse(String text) throws NetworkException {
        var parts = text.split("\\|");
        var first = parse(parts[0], parts[1], parts[2]);
        return parts.length < 4 ? first : first.times(Integer.parseInt(parts[3]));
    }

    /** The same ports again. */
    static PortRequest of(PublishedPort port) {
        return new PortRequest(
                port.protocol(),
                port.containerPort(),
                InetAddress.ofLiteral(port.hostIp()),
                port.hostPort(),
                port.hostPort(),
                port.count());
    }

    /**
     * The same requests, neighbours of a range as one. Those that want a certain port come first, so that others do not take
     * it; apart from that they are in the order of the container's ports.
     */
    static List<PortRequest> joined(List<PortRequest> requests) {
        var sorted = requests.stream()
                .sorted(Comparator.comparing((PortRequest request) -> !request.exact())
                        .thenComparing(PortRequest::containerPort)
                        .thenComparing(PortRequest::protocol))
                .toList();
        var joined = new ArrayList<PortRequest>();
        var continued = new HashMap<PortRequest, Integer>(); // by the request that would continue it
        for (var request : sorted) {
            var place = continued.remove(request);
            if (place == null) {
                place = joined.size();
                joined.add(request);
            } else {
                var range = joined.get(place);
                joined.set(place, range.times(range.count + 1));
            }
            if (request.exact()) {
                continued.put(request.shifted(1), place);
            }
        }
        return joined;
    }

    /** One by one. */
    List<PortRequest> each() {
        return IntStream.range(0, count).mapToObj(i -> times(1).shifted(i)).toList();
    }

    /** Whether it wants one certain port of the host, or that range of them. */
    boolean exact() {
        return firstHostPort != 0 && firstHostPort == lastHostPort;
    }

    private PortRequest times(int other) {
        return new PortRequest(protocol, containerPort, hostAddress, firstHostPort, lastHostPort, other);
    }

    private PortRequest shifted(int by) {
        return by == 0
                ? this
                : new PortRequest(
                        protocol, containerPort + by, hostAddress, firstHostPort + by, lastHostPort + by, count);
    }

    /** The same at another address of the host, if it names none. */
    PortRequest orAt(InetAddress address) {
        return hostAddress == null
                ? new PortRequest(protocol, containerPort, address, firstHostPort, lastHostPort, count)
                : this;
    }

    /**
     * Reads the request as the Engine API writes it.
     *
     * @param port the key of {@code PortBindings} or {@code ExposedPorts}: {@code 80}, {@code 80/tcp}
     * @param hostIp {@code HostIp}: an address or empty
     * @param hostPort {@code HostPort}: a port, a range {@code 8000-8010} of which one is taken, {@code 0} or empty for any
     * @throws NetworkException (INVALID) with Docker's words
     */
    public static PortRequest parse(String port, String hostIp, String hostPort) throws NetworkException {
        int slash = port.indexOf('/');
        var number = slash < 0 ? port : port.substring(0, slash);
        var protocol = Protocol.of(slash < 0 ? "tcp" : port.substring(slash + 1));
        int containerPort = number(number, number);
        if (containerPort == 0) {
            throw invalid(number);
        }
        int dash = hostPort.indexOf('-');
        int first = hostPort.isEmpty() ? 0 : number(dash < 0 ? hostPort : hostPort.substring(0, dash), hostPort);
        int last = dash < 0 ? first : number(hostPort.substring(dash + 1), hostPort);
        if (last < first) {
            throw invalid(hostPort);
        }
        return new PortRequest(protocol, containerPort, address(hostIp), first, last, 1);
    }

    private static int number(String text, String whole) throws NetworkException {
        if (text.isEmpty() || text.length() > 5) {
            throw invalid(whole);
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isDigit(text.charAt(i))) {
                throw invalid(whole);
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        if (number > 65535) {
            throw invalid(whole);
        }
        return number;
    }

    private static NetworkException invalid(String what) {
        return new NetworkException(NetworkException.Kind.INVALID, "invalid port specification: \"" + what + "\"");
    }

    private static @Nullable InetAddress address(String text) throws NetworkException {
        if (text.isEmpty()) {
            return null;
        }
        try {
            // the JDK would also take 127.1 for an address
            if (text.indexOf(':') >= 0 || Ipv4Subnet.parseAddress(text) != null) {
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new NetworkException(NetworkException.Kind.INVALID, "invalid IP address: " + text);
    }
}
