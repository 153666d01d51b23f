package io.drydock.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** Who is at the other end of a connection. */
public sealed interface Peer {

    /** A process on this machine, as the kernel knew it when it connected. */
    record UnixPeer(int pid, int uid, int gid) implements Peer {
        @Override
        public String toString() {
            return "@";
        }
    }

    /** A TCP client; {@code certificates} is its verified chain (leaf first), empty without client certificates. */
    record TcpPeer(InetSocketAddress address, List<X509Certificate> certificates) implements Peer {
        public TcpPeer {
            certificates = List.copyOf(certificates);
        }

        @Override
        public String toString() {
            String host = address.getAddress() == null
                    ? address.getHostString()
                    : address.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }
}
