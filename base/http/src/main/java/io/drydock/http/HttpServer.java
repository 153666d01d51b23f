package io.drydock.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Listens on any number of unix sockets and TCP ports and runs a {@link HttpHandler} for each request. Two event loop threads
 * for all connections, one virtual thread per connection (in HTTP/2: per request). Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;

    private final Limits limits;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("http", true), EpollIoHandler.newFactory());
    /** No thread caches: buffers live for a moment on the event loops only, and what is pooled stays below a few MB. */
    private final ByteBufAllocator buffers = new PooledByteBufAllocator(true, 0, EVENT_LOOPS, 8192, 6, 0, 0, false);

    private final List<Channel> listening = new ArrayList<>();
    private final List<Path> socketFiles = new ArrayList<>();
    private final Set<Drainable> connections = ConcurrentHashMap.newKeySet();
    private final List<AtomicReference<SslContext>> contexts = new CopyOnWriteArrayList<>();
    private final Answering answering;
    private volatile boolean stopping;
    private boolean http2OverTls;
    private boolean http2Cleartext;

    /** A server with default limits. */
    public HttpServer(HttpHandler handler, ErrorRenderer errors) {
        this(handler, errors, Limits.DEFAULT);
    }

    /** A server that listens nowhere yet. */
    public HttpServer(HttpHandler handler, ErrorRenderer errors, Limits limits) {
        this.limits = limits;
        this.answering = new Answering(handler, errors, new HttpDate(Clock.systemUTC()));
    }

    /**
     * Has listeners that are added later speak HTTP/2 beside HTTP/1.1.
     *
     * @param overTls whether it is offered to clients of TLS (ALPN)
     * @param cleartext whether clients without TLS may begin with it ("prior knowledge")
     */
    public synchronized HttpServer speakHttp2(boolean overTls, boolean cleartext) {
        this.http2OverTls = overTls;
        this.http2Cleartext = cleartext;
        return this;
    }

    /**
     * Begins to accept connections.
     *
     * @return the port listened on; 0 for a unix socket
     * @throws IOException when the address cannot be bound or a certificate not be read
     */
    public synchronized int listen(Listener listener) throws IOException {
        return switch (listener) {
            case Listener.Tcp tcp -> listenTcp(tcp);
            case Listener.Unix unix -> listenUnix(unix);
            case Listener.Inherited inherited -> listenInherited(inherited);
        };
    }

    private int listenTcp(Listener.Tcp tcp) throws IOException {
        var tls = context(tcp.tls());
        Channel channel = bind(
                new ServerBootstrap()
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(initializer(tls))
                        .localAddress(tcp.address()),
                "tcp " + hostAndPort(tcp.address()));
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private int listenUnix(Listener.Unix unix) throws IOException {
        Path path = unix.path();
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > 107) {
            throw new IOException("listen unix " + path + ": path is longer than 107 bytes");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && isSocket(path)) {
            Files.delete(path);
        }
        bind(
                new ServerBootstrap()
                        .channel(EpollServerDomainSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childHandler(initializer(null))
                        .localAddress(new DomainSocketAddress(path.toFile())),
                "unix " + path);
        socketFiles.add(path);
        String group = unix.group();
        if (group != null) {
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setGroup(
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        }
        Files.setAttribute(path, "unix:mode", unix.mode());
        return 0;
    }

    private int listenInherited(Listener.Inherited inherited) throws IOException {
        int descriptor = inherited.descriptor();
        if (inherited.unix()) {
            Channel channel = begin(
                    new ServerBootstrap()
                            .channelFactory(() -> new EpollServerDomainSocketChannel(descriptor))
                            .childHandler(initializer(null)),
                    ServerBootstrap::register,
                    "descriptor " + descriptor);
            channel.read(); // Netty does not know that it listens, and would not begin to accept
            return 0;
        }
        var tls = context(inherited.tls());
        Channel channel = begin(
                new ServerBootstrap()
                        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(initializer(tls)),
                ServerBootstrap::register,
                "descriptor " + descriptor);
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private static boolean isSocket(Path path) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000) == 0140000;
    }

    private Channel bind(ServerBootstrap bootstrap, String name) throws IOException {
        return begin(bootstrap, ServerBootstrap::bind, name);
    }

    private Channel begin(ServerBootstrap bootstrap, Function<ServerBootstrap, ChannelFuture> how, String name)
            throws IOException {
        ChannelFuture bound = how.apply(bootstrap
                .group(loops)
                .option(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
        try {
            bound.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("listen " + name + ": interrupted");
        }
        if (!bound.isSuccess()) {
            throw new IOException("listen " + name + ": bind: " + reason(bound.cause()), bound.cause());
        }
        listening.add(bound.channel());
        return bound.channel();
    }

    /** The errno's text as Go prints it. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int colon = message.lastIndexOf(": ");
        String text = colon < 0 ? message : message.substring(colon + 2);
        return text.isEmpty() ? message : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static String hostAndPort(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private @Nullable AtomicReference<SslContext> context(@Nullable Tls tls) throws IOException {
        if (tls == null) {
            return null;
        }
        var context = new AtomicReference<>(PemFiles.serverContext(tls, http2OverTls));
        contexts.add(context);
        return context;
    }

    /**
     * Reads certificates that all listeners of TLS are to have.
     *
     * @return gives them to the connections that begin from then on
     * @throws IOException when they cannot be read; then nothing has changed
     */
    public synchronized Runnable renew(Tls tls) throws IOException {
        var next = PemFiles.serverContext(tls, http2OverTls);
        return () -> contexts.forEach(context -> context.set(next));
    }

    private ChannelInitializer<Channel> initializer(@Nullable AtomicReference<SslContext> tls) {
        boolean choice = tls == null ? http2Cleartext : http2OverTls;
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline().addLast(tls.get().newHandler(channel.alloc()));
                }
                if (choice) {
                    channel.pipeline().addLast(new ProtocolChoice(tls != null, HttpServer.this::startHttp2));
                }
                channel.pipeline().addLast(new Wire((DuplexChannel) channel, HttpServer.this::start));
            }
        };
    }

    private void start(Wire wire) {
        Connection connection = new Connection(wire, answering, limits);
        begun(connection);
        Thread.ofVirtual().name("http-connection").start(() -> {
            try {
                connection.serve();
            } finally {
                ended(connection);
            }
        });
    }

    private void startHttp2(Channel channel) {
        Http2Connection connection = new Http2Connection(channel, answering, limits);
        channel.closeFuture().addListener(closed -> ended(connection));
        begun(connection);
    }

    private void begun(Drainable connection) {
        connections.add(connection);
        if (stopping) {
            connection.drain();
        }
    }

    private void ended(Drainable connection) {
        connections.remove(connection);
        if (stopping) {
            synchronized (connections) {
                connections.notifyAll();
            }
        }
    }

    /** The TCP ports and 0 for unix sockets are given by {@link #listen}; this is how many connections there are now. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * Stops accepting, lets requests under way end until the deadline, then interrupts their handlers and cuts the rest.
     * Socket files are removed.
     */
    public void stop(Duration deadline) {
        stopAccepting();
        connections.forEach(Drainable::drain);
        long end = System.nanoTime() + deadline.toNanos();
        boolean interrupted = false;
        synchronized (connections) {
            while (!connections.isEmpty() && !interrupted) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(connections, Math.min(left, 50_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        connections.forEach(Drainable::abort);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void stopAccepting() {
        stopping = true;
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        for (Path file : socketFiles) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LoggerFactory.getLogger(HttpServer.class).warn("remove socket {}: {}", file, e.getMessage());
            }
        }
        listening.clear();
        socketFiles.clear();
    }

    /** Stops without waiting for requests under way. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
