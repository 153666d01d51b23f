package io.drydock.linux;

import java.nio.ByteBuffer;
import java.util.List;

/** Sockets that the JDK cannot give: descriptors in messages, sequenced packets, netlink, sockets of other namespaces. */
public interface SocketCalls {
    int AF_UNIX = 1;
    int AF_INET = 2;
    int AF_INET6 = 10;
    int AF_NETLINK = 16;
    int STREAM = 1;
    int DGRAM = 2;
    int RAW = 3;
    int SEQPACKET = 5;
    /** Or-ed to the type. */
    int NONBLOCK = 0x800;

    int SOL_SOCKET = 1;
    int SOL_NETLINK = 270;

    /** Close-on-exec. {@code type} as above. */
    Fd socket(int domain, int type, int protocol) throws LinuxException;

    /** Two connected unix sockets. */
    PipeCalls.Pipe socketPair(int type) throws LinuxException;

    /** At most 107 bytes of path; one that begins with {@code @} names an abstract socket. */
    void bindUnix(Fd socket, String path) throws LinuxException;

    void connectUnix(Fd socket, String path) throws LinuxException;

    void listen(Fd socket, int backlog) throws LinuxException;

    /** {@code flags}: 0 or {@link #NONBLOCK}. */
    Fd accept(Fd socket, int flags) throws LinuxException;

    /** {@code how}: 0 no more reading, 1 no more writing, 2 both. */
    void shutdown(Fd socket, int how) throws LinuxException;

    /** Sends bytes (at least one) and descriptors; bytes sent. Never raises SIGPIPE. */
    int send(Fd socket, ByteBuffer bytes, List<Fd> descriptors) throws LinuxException;

    /**
     * Receives bytes and up to {@code maxDescriptors} descriptors, which the caller then owns. More descriptors than that are
     * closed by the kernel, and {@link Received#truncated()} is true.
     */
    Received receive(Fd socket, ByteBuffer target, int maxDescriptors) throws LinuxException;

    /** Bytes (0 at the end of the stream), what came with them, and whether either was cut. */
    record Received(int bytes, List<Fd> descriptors, boolean truncated) {
        public Received {
            descriptors = List.copyOf(descriptors);
        }
    }

    /** Who connected a unix socket, as the kernel saw it then. */
    Peer peer(Fd socket) throws LinuxException;

    record Peer(int pid, int uid, int gid) {}

    /** {@code pid} 0 lets the kernel choose; {@code groups} is a bit mask of multicast groups. */
    void bindNetlink(Fd socket, int pid, int groups) throws LinuxException;

    /** The port id the kernel gave a netlink socket. */
    int netlinkPort(Fd socket) throws LinuxException;

    void setOption(Fd socket, int level, int option, int value) throws LinuxException;

    void setOption(Fd socket, int level, int option, byte[] value) throws LinuxException;

    int getOption(Fd socket, int level, int option) throws LinuxException;

    /** An option that is a structure: the kernel may read {@code value} before it writes it. */
    void getOption(Fd socket, int level, int option, byte[] value) throws LinuxException;
}
