package io.drydock.docker.engine.plugin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a plugin listens.
 *
 * @param socket its address
 * @param host for the Host header
 */
record PluginAddress(SocketAddress socket, String host) {
    private static final String LOCAL_HOST = "plugin.moby.localhost";

    static PluginAddress unix(Path path) {
        return new PluginAddress(UnixDomainSocketAddress.of(path), LOCAL_HOST);
    }

    /** Reads {@code unix:///path} and {@code tcp://host:port}. */
    static PluginAddress parse(String text) throws PluginException {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new PluginException(PluginException.Kind.UNREACHABLE, "parse \"" + text.strip() + "\": no URL", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        return switch (scheme) {
            case "" -> throw new PluginException(PluginException.Kind.UNREACHABLE, "Unknown protocol");
            case "unix" -> unix(Path.of(part(uri, uri.getPath())));
            case "tcp", "http" -> {
                int port = uri.getPort() < 0 ? 80 : uri.getPort();
                yield new PluginAddress(new InetSocketAddress(part(uri, uri.getHost()), port), uri.getAuthority());
            }
            default ->
                throw new PluginException(
                        PluginException.Kind.UNREACHABLE, "plugins behind " + scheme + ":// are not supported");
        };
    }

    private static String part(URI uri, @Nullable String part) throws PluginException {
        if (part == null) {
            throw new PluginException(PluginException.Kind.UNREACHABLE, "\"" + uri + "\" names no place to listen at");
        }
        return part;
    }

    /** A socket of the right kind, not connected: connecting may take long. */
    SocketChannel open() throws IOException {
        if (socket instanceof InetSocketAddress internet && internet.isUnresolved()) {
            throw new UnknownHostException("lookup " + internet.getHostString() + ": no such host");
        }
        return socket instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }
}
