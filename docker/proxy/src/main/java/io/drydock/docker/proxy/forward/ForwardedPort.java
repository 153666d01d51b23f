package io.drydock.docker.proxy.forward;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A port of the host and where what arrives there goes.
 *
 * @param udp whether it is UDP; else TCP
 * @param host the address and port to listen at
 * @param container the address and port to forward to
 */
public record ForwardedPort(boolean udp, InetSocketAddress host, InetSocketAddress container) {

    /** The port as the control protocol writes it: {@code tcp 0.0.0.0 8080 172.17.0.2 80}. */
    public String text() {
        return protocol() + ' ' + text(host) + ' ' + text(container);
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
        if (words.length != 5 || !(words[0].equals("tcp") || words[0].equals("udp"))) {
            return null;
        }
        try {
            return new ForwardedPort(words[0].equals("udp"), address(words[1], words[2]), address(words[3], words[4]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static InetSocketAddress address(String ip, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), Integer.parseInt(port));
    }
}
