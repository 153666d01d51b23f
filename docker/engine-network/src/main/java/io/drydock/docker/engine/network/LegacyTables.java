package io.drydock.docker.engine.network;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The tables of iptables-legacy, or of ip6tables-legacy, as far as it can be seen cheaply that somebody changed them: of their
 * changes the kernel tells nobody, but by one call each how many rules a table has, how long they are, and where its chains
 * begin ({@code struct ipt_getinfo}). Belongs to the network namespace of the thread that made it.
 */
final class LegacyTables implements AutoCloseable {
    private static final List<String> TABLES = List.of("filter", "nat");
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPPROTO_RAW = 255;
    private static final int GET_INFO = 64;
    private static final int INFO_LENGTH = 84;

    private final SocketCalls sockets;
    private final int level;
    private final Fd socket;

    LegacyTables(Linux linux, boolean ipv6) throws LinuxException {
        sockets = linux.sockets();
        level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
        socket = sockets.socket(ipv6 ? SocketCalls.AF_INET6 : SocketCalls.AF_INET, SocketCalls.RAW, IPPROTO_RAW);
    }

    /** What can be seen; equal to what was seen before if nothing has changed. */
    ByteBuffer look() throws LinuxException {
        var all = ByteBuffer.allocate(TABLES.size() * INFO_LENGTH);
        for (var table : TABLES) {
            var info = new byte[INFO_LENGTH];
            var name = table.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, info, 0, name.length);
            try {
                sockets.getOption(socket, level, GET_INFO, info);
            } catch (LinuxException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOPROTOOPT) {
                    throw e;
                }
                // there is no such table
            }
            all.put(info);
        }
        return all.flip();
    }

    @Override
    public void close() {
        socket.close();
    }
}
