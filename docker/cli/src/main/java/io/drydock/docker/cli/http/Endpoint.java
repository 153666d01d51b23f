package io.drydock.docker.cli.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine listens.
 *
 * @param host as the user wrote it, for messages: {@code unix:///var/run/docker.sock}
 * @param tls what to trust and to show, or null for none
 */
public record Endpoint(String host, @Nullable TlsFiles tls) {
    /**
     * Reads {@code unix://PATH}, {@code tcp://HOST:PORT}, {@code HOST:PORT} or {@code ssh://[USER@]HOST[:PORT][/PATH]}.
     *
     * @throws IllegalArgumentException with the original's words if it is none of these
     */
    public static Endpoint of(String text, @Nullable TlsFiles tls) {
        String host = text.strip();
        int scheme = host.indexOf("://");
        if (scheme < 0) {
            host = host.startsWith("/") ? "unix://" + host : "tcp://" + host;
            scheme = host.indexOf("://");
        }
        String name = host.substring(0, scheme);
        if (name.equals("ssh")) {
            SshAddress.parse(host);
            return new Endpoint(host, null);
        }
        if (!name.equals("unix") && !name.equals("tcp") && !name.equals("http") && !name.equals("https")) {
            throw new IllegalArgumentException(
                    name.equals("npipe") || name.equals("fd")
                            ? "protocol " + name + " is not built into this client yet: " + text
                            : "invalid bind address format: " + text);
        }
        if (host.length() == scheme + 3) {
            host += name.equals("unix") ? "/var/run/docker.sock" : "localhost";
        }
        if (name.equals("tcp") && host.lastIndexOf(':') <= Math.max(scheme, host.lastIndexOf(']'))) {
            host += tls == null ? ":2375" : ":2376";
        }
        return new Endpoint(host, tls);
    }

    boolean isUnix() {
        return host.startsWith("unix:");
    }

    private boolean isSsh() {
        return host.startsWith("ssh:");
    }

    /** What the Host header says. */
    String hostHeader() {
        return isUnix() ? "api.moby.localhost" : isSsh() ? "docker.example.com" : authority();
    }

    private String authority() {
        String rest = host.substring(host.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    Connection connect() throws IOException {
        if (isUnix()) {
            return ChannelConnection.unix(Path.of(host.substring("unix://".length())));
        }
        if (isSsh()) {
            return new CommandConnection(SshAddress.parse(host).command());
        }
        String authority = authority();
        int colon = authority.lastIndexOf(':');
        String name = authority.substring(0, colon);
        if (name.startsWith("[")) {
            name = name.substring(1, name.length() - 1);
        }
        int port = Integer.parseInt(authority.substring(colon + 1));
        return tls == null
                ? ChannelConnection.connect(SocketChannel.open(), new InetSocketAddress(name, port))
                : tls.connect(name, port);
    }
}
