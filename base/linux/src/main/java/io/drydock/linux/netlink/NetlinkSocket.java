package io.drydock.linux.netlink;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket. It belongs to the network namespace of the thread that opened it and may be used from any other. The
 * kernel carries a request out before the send returns, so its answers are there and nothing waits.
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int ROUTE = 0;
    private static final int NETFILTER = 12;
    private static final int GROUP_NFTABLES = 7;
    private static final int GROUP_LINKS = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int LARGE = 8 << 20;
    private static final int BUFFER = 32 << 10;

    private final SocketCalls sockets;
    private final Fd fd;
    private final int port;
    private @Nullable ByteBuffer buffer;

    private NetlinkSocket(Linux linux, int protocol, int group) throws LinuxException {
        sockets = linux.sockets();
        fd = sockets.socket(SocketCalls.AF_NETLINK, SocketCalls.RAW | SocketCalls.NONBLOCK, protocol);
        try {
            sockets.bindNetlink(fd, 0, group == 0 ? 0 : 1 << (group - 1));
            port = sockets.netlinkPort(fd);
            if (protocol == NETFILTER) {
                sockets.setOption(fd, SocketCalls.SOL_SOCKET, SO_SNDBUFFORCE, LARGE);
                sockets.setOption(fd, SocketCalls.SOL_SOCKET, SO_RCVBUFFORCE, LARGE);
            }
        } catch (LinuxException e) {
            fd.close();
            throw e;
        }
    }

    /** A socket for interfaces, addresses and routes. */
    public static NetlinkSocket route(Linux linux) throws LinuxException {
        return new NetlinkSocket(linux, ROUTE, 0);
    }

    /** A socket for transactions of the firewall. */
    public static NetlinkSocket netfilter(Linux linux) throws LinuxException {
        return new NetlinkSocket(linux, NETFILTER, 0);
    }

    /** A socket that hears of changes of nftables. */
    public static NetlinkSocket nftablesEvents(Linux linux) throws LinuxException {
        return new NetlinkSocket(linux, NETFILTER, GROUP_NFTABLES);
    }

    /** A socket that hears of interfaces that come, change and go. */
    public static NetlinkSocket linkEvents(Linux linux) throws LinuxException {
        return new NetlinkSocket(linux, ROUTE, GROUP_LINKS);
    }

    /** The descriptor, to wait for notifications. */
    public Fd fd() {
        return fd;
    }

    /** The netlink port that the kernel gave this socket. */
    public int port() {
        return port;
    }

    /** Sends the batch, and fails with the first error of its messages. */
    public synchronized void execute(NetlinkBatch batch) throws LinuxException {
        send(batch);
        boolean acknowledged = false;
        LinuxException failure = null;
        for (var message : available()) {
            if (message.type() == NetlinkMessage.ERROR) {
                acknowledged = true;
                if (message.errno() != 0 && failure == null) {
                    failure = new LinuxException(batch.operation(message.sequence()), null, message.errno());
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (!acknowledged) {
            throw new LinuxException(batch.operation(1) + ": no acknowledgement", null, Errno.EPROTO);
        }
    }

    /** Sends the batch, which consists of one question, and returns the answers. */
    public synchronized List<NetlinkMessage> query(NetlinkBatch batch) throws LinuxException {
        send(batch);
        var answers = new ArrayList<NetlinkMessage>();
        for (var message : available()) {
            if (message.type() == NetlinkMessage.ERROR && message.errno() != 0) {
                throw new LinuxException(batch.operation(1), null, message.errno());
            }
            if (message.type() > NetlinkMessage.DONE) {
                answers.add(message);
            }
        }
        return answers;
    }

    /**
     * All messages that are there.
     *
     * @throws LinuxException with ENOBUFS if the kernel had to drop notifications
     */
    public synchronized List<NetlinkMessage> available() throws LinuxException {
        var messages = new ArrayList<NetlinkMessage>();
        while (true) {
            try {
                messages.addAll(receive());
            } catch (LinuxException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return messages;
                }
                throw e;
            }
        }
    }

    private void send(NetlinkBatch batch) throws LinuxException {
        sockets.send(fd, ByteBuffer.wrap(batch.bytes()), List.of());
    }

    private List<NetlinkMessage> receive() throws LinuxException {
        var target = buffer;
        if (target == null) {
            target = ByteBuffer.allocateDirect(BUFFER);
            buffer = target;
        }
        target.clear();
        int length = sockets.receive(fd, target, 0).bytes();
        var bytes = new byte[length];
        target.get(0, bytes);
        return NetlinkMessage.parse(bytes, length);
    }

    @Override
    public void close() {
        fd.close();
    }
}
