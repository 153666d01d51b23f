package io.drydock.docker.proxy.forward;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A port of the host and where what arrives there goes, or several that follow each other on both sides.
 *
 * @param udp whether it is UDP; else TCP
 * @param host the address and (first) port to listen at
 * @param container the address and (first) port to forward to
 * @param count how many ports, at least 1
 */
public record ForwardedPort(boolean udp, InetSocketAddress host, InetSocketAddress container, int count) {
    private static final int PORTS = 1 << 16;

    /** The port as the control protocol writes it: {@code tcp 0.0.0.0 8080 172.17.0.2 80}, and the count if it is not 1. */
    public String text() {
        return protocol() + ' ' + text(host) + ' ' + text(container) + (count == 1 ? "" : " " + count);
    }

    /** {@code tcp} or {@code udp}. */
    public String protocol() {
        return udp ? "udp" : "tcp";
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ' ' + address.getPort();
    }

    /** Reads what {@link #text} writes; null if it is not that. */
    public static @Nullable ForwardedPort parse(String text) {
        var words = text.split(" ");
        if (words.length < 5 || words.length > 6 || !(words[0].equals("tcp") || words[0].equals("udp"))) {
            return null;
        }
        try {
            var host = address(words[1], words[2]);
            var container = address(words[3], words[4]);
            int count = words.length == 5 ? 1 : Integer.parseInt(words[5]);
            return count < 1 || Math.max(host.getPort(), container.getPort()) + count > PORTS
                    ? null
                    : new ForwardedPort(words[0].equals("udp"), host, container, count);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** One by one. */
    public List<ForwardedPort> each() {
        return IntStream.range(0, count).mapToObj(this::at).toList();
    }

    /** One of them, from 0. */
    public ForwardedPort at(int i) {
        return new ForwardedPort(udp, moved(host, i), moved(container, i), 1);
    }

    private static InetSocketAddress moved(InetSocketAddress address, int by) {
        return new InetSocketAddress(address.getAddress(), address.getPort() + by);
    }

    private static InetSocketAddress address(String ip, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), Integer.parseInt(port));
    }
}
