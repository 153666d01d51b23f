package io.drydock.docker.engine.network.dns;

import io.drydock.docker.engine.network.netlink.NfNetlink;
import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The name servers of all containers that have one. Safe for several threads. */
public final class NameServers implements AutoCloseable {
    /** Where a container finds its name server. */
    public static final String ADDRESS = "127.0.0.11";

    private static final String TABLE = "drydock-dns";
    private static final InetAddress IP = InetAddress.ofLiteral(ADDRESS);
    private static final int PORT = 53;
    private static final int BACKLOG = 64;
    private static final int HOOK_OUTPUT = 3;
    private static final int PRIORITY_DNAT = -100;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Linux linux;
    private final Poller poller;
    private final Namespaces namespaces;
    private final Function<String, @Nullable Member> members;
    private final Resolver resolver;
    private final Upstream upstream;
    private final Map<String, NameServer> byContainer = new ConcurrentHashMap<>();

    /** Name servers that answer from that directory; containers are looked up by their full ids. */
    public NameServers(
            Linux linux,
            Poller poller,
            Namespaces namespaces,
            NameDirectory directory,
            Function<String, @Nullable Member> members) {
        this.linux = linux;
        this.poller = poller;
        this.namespaces = namespaces;
        this.members = members;
        this.resolver = new Resolver(directory, members);
        this.upstream = new Upstream(linux, poller);
    }

    /** Opens a container's name server, in a namespace that perhaps had one of an earlier daemon. */
    public void open(String containerId, Path namespace) throws IOException {
        if (byContainer.containsKey(containerId)) {
            return;
        }
        var sockets = namespaces.inside(namespace, this::bind);
        var server = new NameServer(linux, poller, sockets, new Answers(containerId));
        byContainer.put(containerId, server);
        server.start();
    }

    private NameServer.ServerSockets bind() throws IOException {
        var udp = socket(SocketCalls.DGRAM);
        try {
            var tcp = socket(SocketCalls.STREAM);
            try {
                linux.sockets().listen(tcp, BACKLOG);
                translate(port(udp), port(tcp));
                return new NameServer.ServerSockets(udp, tcp);
            } catch (IOException e) {
                tcp.close();
                throw e;
            }
        } catch (IOException e) {
            udp.close();
            throw e;
        }
    }

    private Fd socket(int type) throws LinuxException {
        var socket = linux.sockets().socket(SocketCalls.AF_INET, type | SocketCalls.NONBLOCK, 0);
        try {
            InetCalls.system().bind(socket, new InetSocketAddress(IP, 0));
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    private static int port(Fd socket) throws LinuxException {
        return InetCalls.system().localAddress(socket).getPort();
    }

    /** In the calling thread's namespace. */
    private void translate(int udpPort, int tcpPort) throws LinuxException {
        var batch = new NftBatch(TABLE).addTable().deleteTable().addTable();
        batch.addBaseChain("output", "nat", HOOK_OUTPUT, PRIORITY_DNAT, true);
        translate(batch, UDP, udpPort);
        translate(batch, TCP, tcpPort);
        try (var netlink = new NfNetlink(NetlinkSocket.netfilter(linux))) {
            netlink.commit(batch);
        }
    }

    private static void translate(NftBatch batch, int protocol, int port) {
        batch.addRule("output")
                .destinationIs(IP.getAddress())
                .protocolIs(protocol)
                .destinationPortIs(PORT)
                .translateTo(IP.getAddress(), port);
    }

    /** Closes a container's name server; nothing happens if it has none. */
    public void close(String containerId) {
        var server = byContainer.remove(containerId);
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void close() {
        byContainer.keySet().forEach(this::close);
    }

    private final class Answers implements NameServer.Answerer {
        private final String containerId;

        private Answers(String containerId) {
            this.containerId = containerId;
        }

        @Override
        public byte @Nullable [] answerAtOnce(Question question) {
            var asker = members.apply(containerId);
            return asker == null ? null : resolver.answer(asker, question);
        }

        @Override
        public byte[] answer(Question question, boolean tcp) throws InterruptedException {
            var asker = members.apply(containerId);
            if (asker == null) {
                return Response.code(question, Response.SERVER_FAILURE);
            }
            return upstream.ask(
                    question, asker.nameServers(), tcp, (server, type) -> open(asker.namespace(), server, type));
        }

        /** A name server of the host's loopback is asked from the host's namespace, all others from the container's. */
        private Fd open(Path namespace, InetAddress server, int type) throws IOException {
            Namespaces.Work<Fd> opening =
                    () -> linux.sockets().socket(InetCalls.family(server), type | SocketCalls.NONBLOCK, 0);
            return server.isLoopbackAddress() ? opening.run() : namespaces.inside(namespace, opening);
        }
    }
}
