package io.drydock.runc.cgroups.dbus;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A connection to a bus, or to a program that speaks the protocol by itself. For one thread at a time. What arrives while an
 * answer is waited for is kept.
 */
public final class DbusConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BUS = "org.freedesktop.DBus";

    private final SocketChannel channel;
    private final Selector selector;
    private final Deque<Message> kept = new ArrayDeque<>();
    private int serial;

    private DbusConnection(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Connects and authenticates as this process's user, whom the other side knows by the socket (EXTERNAL).
     *
     * @param path of the unix socket
     * @param uid this process's user
     * @param bus a bus greets first; systemd's private socket does not
     */
    public static DbusConnection open(String path, int uid, boolean bus) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        Selector selector = Selector.open();
        DbusConnection connection = new DbusConnection(channel, selector);
        try {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            connection.authenticate(uid);
            if (bus) {
                connection.call(BUS, "/org/freedesktop/DBus", BUS, "Hello", "");
            }
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Takes the path out of {@code unix:path=…}, the first such address of a list. */
    public static String socketPath(String addresses) throws IOException {
        for (String address : addresses.split(";")) {
            for (String part :
                    address.startsWith("unix:") ? address.substring(5).split(",") : new String[0]) {
                if (part.startsWith("path=")) {
                    return part.substring(5);
                }
            }
        }
        throw new IOException("D-Bus address \"" + addresses + "\" is not supported: no unix:path=");
    }

    private void authenticate(int uid) throws IOException {
        String identity = HexFormat.of().formatHex(Integer.toString(uid).getBytes(StandardCharsets.US_ASCII));
        write(("\0AUTH EXTERNAL " + identity + "\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            line.append((char) read(1, System.nanoTime() + PATIENCE.toNanos())[0]);
        }
        if (!line.toString().startsWith("OK ")) {
            throw new IOException("D-Bus authentication: " + line.toString().strip());
        }
        write("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Calls a method and waits for its answer.
     *
     * @return the answer's values
     * @throws DbusException the answer is an error
     */
    public List<Object> call(
            String destination, String path, String interfaceName, String member, String signature, Object... body)
            throws IOException {
        int call = send(Message.call(destination, path, interfaceName, member, signature, body));
        Message answer = await(message -> message.replySerial() == call, PATIENCE);
        if (answer.type() == Message.Type.ERROR) {
            throw new DbusException(
                    answer.error(),
                    answer.body().isEmpty() ? "" : answer.body().getFirst().toString());
        }
        return answer.body();
    }

    /** Asks a bus for signals; {@code rule} as in the specification. */
    public void match(String rule) throws IOException {
        call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", "s", rule);
    }

    /** Sends a message and answers its serial. */
    public int send(Message message) throws IOException {
        serial++;
        write(Encoder.message(message, serial));
        return serial;
    }

    /** The first message, of those kept and those to come, that is wanted. */
    public Message await(Predicate<Message> wanted, Duration limit) throws IOException {
        for (Iterator<Message> earlier = kept.iterator(); earlier.hasNext(); ) {
            Message message = earlier.next();
            if (wanted.test(message)) {
                earlier.remove();
                return message;
            }
        }
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Message message = receive(end);
            if (wanted.test(message)) {
                return message;
            }
            kept.add(message);
        }
    }

    private Message receive(long end) throws IOException {
        byte[] fixed = read(Decoder.FIXED, end);
        byte[] whole = new byte[Decoder.length(fixed)];
        System.arraycopy(fixed, 0, whole, 0, fixed.length);
        byte[] rest = read(whole.length - fixed.length, end);
        System.arraycopy(rest, 0, whole, fixed.length, rest.length);
        return Decoder.message(whole);
    }

    private byte[] read(int length, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            int n = channel.read(bytes);
            if (n < 0) {
                throw new IOException("the D-Bus connection was closed");
            }
            if (n == 0) {
                ready(SelectionKey.OP_READ, end);
            }
        }
        return bytes.array();
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (left.hasRemaining()) {
            if (channel.write(left) == 0) {
                ready(SelectionKey.OP_WRITE, end);
            }
        }
    }

    private void ready(int operation, long end) throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        channel.keyFor(selector).interestOps(operation);
        if (millis <= 0 || selector.select(millis) == 0 && end - System.nanoTime() <= 0) {
            throw new IOException("no answer over D-Bus in time");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try (channel;
                selector) {
            kept.clear();
        } catch (IOException e) {
            // nothing is lost with a connection that cannot even be closed
        }
    }
}
