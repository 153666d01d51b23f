package io.drydock.docker.engine.network.netlink;

import io.drydock.linux.LinuxException;
import io.drydock.linux.netlink.NetlinkSocket;

/** Carries out transactions of nftables in the Linux network namespace in which the socket was opened. */
public final class NfNetlink implements AutoCloseable {
    private final NetlinkSocket socket;

    /** Speaks over that socket, and closes it in the end. */
    public NfNetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Carries out all of the transaction or, if this throws, nothing of it. */
    public void commit(NftBatch transaction) throws LinuxException {
        socket.execute(transaction.finished());
    }

    /** The socket's netlink port, by which the kernel's notifications name who made a change. */
    public int port() {
        return socket.port();
    }

    @Override
    public void close() {
        socket.close();
    }
}
