package io.drydock.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Internet sockets as bare descriptors, for programs that hand listening sockets to each other; otherwise the JDK's channels
 * serve. Sockets come from {@link SocketCalls#socket}; IPv4 and IPv6 sockets
 * take addresses of their own family only, so an IPv6 socket is to have {@link #IPV6_V6ONLY} set.
 */
public interface InetCalls {
    int IPPROTO_TCP = 6;
    int IPPROTO_IPV6 = 41;
    int SO_REUSEADDR = 2;
    int SO_ERROR = 4;
    int SO_KEEPALIVE = 9;
    int TCP_NODELAY = 1;
    int IPV6_V6ONLY = 26;

    /** The running kernel. */
    static InetCalls system() {
        return new NativeInet();
    }

    /** The family a socket must have for that address: {@link SocketCalls#AF_INET} or {@link SocketCalls#AF_INET6}. */
    static int family(InetAddress address) {
        return address.getAddress().length == 4 ? SocketCalls.AF_INET : SocketCalls.AF_INET6;
    }

    /** Gives a socket its own address; port 0 lets the kernel choose. */
    void bind(Fd socket, InetSocketAddress address) throws LinuxException;

    /** Connects; false if a non-blocking socket is not connected yet and will be writable when it is, or has failed. */
    boolean connect(Fd socket, InetSocketAddress address) throws LinuxException;

    /** The socket's own address. */
    InetSocketAddress localAddress(Fd socket) throws LinuxException;

    /** Receives one datagram, cut to the buffer; answers its sender. */
    InetSocketAddress receiveFrom(Fd socket, ByteBuffer target) throws LinuxException;

    /** Sends one datagram. */
    void sendTo(Fd socket, ByteBuffer source, InetSocketAddress address) throws LinuxException;
}
