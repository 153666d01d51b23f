package io.drydock.docker.engine.network;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A wish to publish a container's port.
 *
 * @param protocol the protocol
 * @param containerPort the port inside the container, 1–65535
 * @param hostAddress the address of the host to listen at; null for the engine's default, which is all addresses of both families
 * @param firstHostPort the first acceptable port of the host, 1–65535, or 0 for any free one
 * @param lastHostPort the last acceptable port of the host, the same as the first for exactly that one; 0 if the first is 0
 */
public record PortRequest(
        Protocol protocol, int containerPort, @Nullable InetAddress hostAddress, int firstHostPort, int lastHostPort) {

    /** The request as a word that {@link #parse(String)} reads. */
    String text() {
        return containerPort + "/" + protocol + "|" + (hostAddress == null ? "" : hostAddress.getHostAddress()) + "|"
                + firstHostPort + "-" + lastHostPort;
    }

    /** Reads what {@link #text} writes. */
    static PortRequest parse(String text) throws NetworkException {
        var parts = text.split("\\|");
        return parse(parts[0], parts[1], parts[2]);
    }

    /** The same at another address of the host, if it names none. */
    PortRequest orAt(InetAddress address) {
        return hostAddress == null
                ? new PortRequest(protocol, containerPort, address, firstHostPort, lastHostPort)
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
        return new PortRequest(protocol, containerPort, address(hostIp), first, last);
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
