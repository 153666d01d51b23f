package io.drydock.docker.engine.log;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A connection by which lines are sent away. */
interface Endpoint extends AutoCloseable {
    /** How long a receiver may take to accept a connection. */
    int CONNECT_MILLIS = 10_000;

    /** When a receiver whose queue was full is tried again. */
    int FULL_QUEUE_MILLIS = 10;

    /** Sends bytes: all of them on a stream, one datagram otherwise. */
    void send(byte[] bytes) throws IOException;

    @Override
    void close() throws IOException;

    /** UDP. */
    static Endpoint udp(String host, int port) throws IOException {
        var channel = DatagramChannel.open();
        channel.connect(resolved(host, port));
        return of(channel, bytes -> channel.write(ByteBuffer.wrap(bytes)));
    }

    /** TCP. */
    static Endpoint tcp(String host, int port) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.socket().connect(resolved(host, port), CONNECT_MILLIS);
            return stream(channel);
        } catch (IOException e) {
            channel.close();
            throw new IOException("dial tcp " + host + ":" + port + ": connect: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress resolved(String host, int port) throws IOException {
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("dial: lookup " + host + ": no such host");
        }
        return address;
    }

    /** A unix stream socket. */
    static Endpoint unix(String path) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            channel.close();
            throw new IOException("dial unix " + path + ": connect: " + e.getMessage(), e);
        }
        return stream(channel);
    }

    private static Endpoint stream(SocketChannel channel) {
        OutputStream out = Channels.newOutputStream(channel);
        return of(channel, out::write);
    }

    /** A unix datagram socket, which the Java library does not know. */
    static Endpoint unixDatagram(Linux linux, String path) throws IOException {
        Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.DGRAM, 0);
        try {
            linux.sockets().connectUnix(socket, path);
            linux.pipes().setNonBlocking(socket, true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return of(socket, bytes -> datagram(linux, socket, direct(bytes)));
    }

    /**
     * Waits for a receiver whose queue is full outside the kernel: there it would keep the carrier of a virtual thread, and a few
     * such receivers everybody.
     */
    private static void datagram(Linux linux, Fd socket, ByteBuffer bytes) throws IOException {
        while (true) {
            try {
                linux.sockets().send(socket, bytes.duplicate(), List.of());
                return;
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            }
            try {
                Thread.sleep(FULL_QUEUE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Sends bytes. */
    @FunctionalInterface
    interface Sending {
        void send(byte[] bytes) throws IOException;
    }

    /** An endpoint over something that is to be closed. */
    static Endpoint of(AutoCloseable resource, Sending sending) {
        return new Endpoint() {
            @Override
            public void send(byte[] bytes) throws IOException {
                sending.send(bytes);
            }

            @Override
            public void close() throws IOException {
                try {
                    resource.close();
                } catch (IOException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        };
    }
}
