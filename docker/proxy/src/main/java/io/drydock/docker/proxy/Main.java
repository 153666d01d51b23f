package io.drydock.docker.proxy;

import io.drydock.docker.proxy.control.ControlServer;
import io.drydock.docker.proxy.forward.EventLoop;
import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.docker.proxy.forward.Forwarder;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The program {@code docker-proxy}. */
public final class Main {
    /** Where the original tells its parent that it listens, or why not. */
    private static final int STATUS_FD = 3;
    /** Where newer daemons pass a socket that listens already. */
    private static final int LISTEN_FD = 4;

    private Main() {}

    /** Runs until it is killed or, with {@code -control-fd}, told to stop. */
    public static void main(String[] arguments) throws IOException {
        Arguments parsed;
        try {
            parsed = Arguments.parse(List.of(arguments));
        } catch (Arguments.UsageException e) {
            System.err.print(e.getMessage() + "\n" + Arguments.USAGE);
            System.exit(2);
            return;
        }
        if (parsed.help()) {
            System.err.print(Arguments.USAGE);
        } else if (parsed.version()) {
            System.out.println("docker-proxy (commit drydock) version 0.1.0");
        } else {
            serve(parsed);
        }
    }

    private static void serve(Arguments arguments) throws IOException {
        var linux = Linux.system();
        try (var loop = new EventLoop(linux, loops())) {
            if (arguments.controlFd() >= 0) {
                var listener = Fd.owning(arguments.controlFd());
                linux.pipes().setNonBlocking(listener, true);
                new ControlServer(loop, linux.sockets(), listener);
            } else {
                serveOne(linux, loop, arguments);
            }
            loop.run();
        }
    }

    /** Connections are spread over the processors; more than a few share what there is to do no better. */
    private static int loops() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
    }

    private static void serveOne(Linux linux, EventLoop loop, Arguments arguments) throws IOException {
        try (var status = Fd.owning(STATUS_FD)) {
            try {
                var port = port(arguments);
                var socket = arguments.useListenFd()
                        ? Fd.owning(LISTEN_FD)
                        : Forwarder.bind(linux.sockets(), InetCalls.system(), port.udp(), port.host());
                Forwarder.serve(loop, port, socket);
            } catch (IOException e) {
                tell(linux, status, "1\n" + e.getMessage());
                System.exit(1);
            }
            tell(linux, status, "0\n");
        }
    }

    private static ForwardedPort port(Arguments arguments) throws IOException {
        try {
            var protocol = arguments.protocol();
            if (!protocol.equals("tcp") && !protocol.equals("udp")) {
                throw new IOException("unsupported protocol " + protocol);
            }
            return new ForwardedPort(protocol.equals("udp"), arguments.host(), arguments.container(), 1);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void tell(Linux linux, Fd status, String text) throws LinuxException {
        linux.files().writeFully(status, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
