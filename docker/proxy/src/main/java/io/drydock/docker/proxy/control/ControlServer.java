package io.drydock.docker.proxy.control;

import io.drydock.docker.proxy.forward.EventLoop;
import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.docker.proxy.forward.Forwarder;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** docker-proxy's end of the control protocol. Belongs to the loop's thread. */
public final class ControlServer {
    /** The longest request, in bytes. */
    private static final int LONGEST_REQUEST = 512;
    /** The longest answer, in bytes. */
    static final int LONGEST_ANSWER = 32 << 10;

    /** As many as the kernel passes with a packet. */
    static final int SOCKETS_PER_PACKET = 253;

    private static final int LIST_PACKET = LONGEST_ANSWER - 1024;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SEND_BUFFER = 4 << 20;

    private final EventLoop loop;
    private final SocketCalls sockets;
    /** Of a range whose sockets have not all come yet, the first ones. */
    private final Map<ForwardedPort, List<Forwarder>> ports = new LinkedHashMap<>();

    /** Serves daemons that connect to the socket, which listens already. */
    public ControlServer(EventLoop loop, SocketCalls sockets, Fd listener) throws LinuxException {
        this.loop = loop;
        this.sockets = sockets;
        loop.watch(listener, events -> accept(listener)).interest(EventLoop.READ);
    }

    private void accept(Fd listener) {
        try {
            var connection = sockets.accept(listener, SocketCalls.NONBLOCK);
            sockets.setOption(connection, SocketCalls.SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER);
            new Connection(connection).begin();
        } catch (LinuxException e) {
            if (e.errno() != Errno.EAGAIN && e.errno() != Errno.ECONNABORTED) {
                throw new IllegalStateException("accept a daemon's connection", e);
            }
        }
    }

    private final class Connection {
        private final Fd fd;
        private final EventLoop.Watch watch;

        private Connection(Fd fd) {
            this.fd = fd;
            this.watch = loop.watch(fd, events -> read());
        }

        private void begin() throws LinuxException {
            watch.interest(EventLoop.READ);
        }

        private void read() {
            var buffer = ByteBuffer.allocate(LONGEST_REQUEST);
            try {
                var received = receive(buffer);
                if (received == null) {
                    return;
                }
                if (received.bytes() == 0) {
                    watch.close();
                    return;
                }
                var line = new String(buffer.array(), 0, received.bytes(), StandardCharsets.UTF_8);
                carryOut(line, received.descriptors());
            } catch (LinuxException e) {
                // the daemon is gone or does not read its answers; a new connection gets everything anew
                watch.close();
            }
        }

        private SocketCalls.@Nullable Received receive(ByteBuffer buffer) throws LinuxException {
            try {
                return sockets.receive(fd, buffer, SOCKETS_PER_PACKET);
            } catch (LinuxException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return null;
                }
                throw e;
            }
        }

        private void carryOut(String line, List<Fd> descriptors) throws LinuxException {
            int space = line.indexOf(' ');
            var verb = space < 0 ? line : line.substring(0, space);
            var port = space < 0 ? null : ForwardedPort.parse(line.substring(space + 1));
            switch (verb) {
                case "add" -> answer(port == null ? "error malformed: " + line : add(port, descriptors));
                case "remove" -> {
                    var forwarders = ports.remove(port);
                    if (forwarders != null) {
                        forwarders.forEach(Forwarder::close);
                    }
                    answer("ok");
                }
                case "list" -> list();
                case "stop" -> {
                    ports.values().forEach(all -> all.forEach(Forwarder::close));
                    ports.clear();
                    loop.stop();
                }
                default -> answer("error unknown request: " + line);
            }
        }

        /** Many ports in one packet, for the kernel holds hundreds of packets at most for a reader that is slow. */
        private void list() throws LinuxException {
            var text = new StringBuilder();
            for (var port : ports.keySet()) {
                if (text.length() > LIST_PACKET) {
                    answer(text.toString());
                    text.setLength(0);
                }
                text.append("port ").append(port.text()).append('\n');
            }
            answer(text.append("ok").toString());
        }

        private void answer(String text) throws LinuxException {
            sockets.send(fd, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), List.of());
        }
    }

    private String add(ForwardedPort port, List<Fd> descriptors) {
        var forwarders = ports.computeIfAbsent(port, unused -> new ArrayList<>());
        if (forwarders.size() + descriptors.size() > port.count()) {
            descriptors.forEach(Fd::close); // they are here already
            return "ok";
        }
        int served = forwarders.size();
        try {
            var bound = descriptors.isEmpty() && forwarders.isEmpty()
                    ? Forwarder.bind(sockets, InetCalls.system(), port)
                    : descriptors;
            for (var socket : bound) {
                forwarders.add(Forwarder.serve(loop, port.at(forwarders.size()), socket));
            }
            return "ok";
        } catch (IOException e) {
            descriptors.stream().skip(forwarders.size() - served).forEach(Fd::close);
            if (forwarders.isEmpty()) {
                ports.remove(port);
            }
            return "error " + e.getMessage();
        }
    }
}
