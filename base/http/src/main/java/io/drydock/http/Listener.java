package io.drydock.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a server accepts connections. */
public sealed interface Listener {

    /**
     * A unix socket. A socket file that is already there is replaced.
     *
     * @param path at most 107 bytes
     * @param mode permission bits, e.g. {@code 0660}
     * @param group name or decimal id of the owning group; null leaves the process's group
     */
    record Unix(Path path, int mode, @Nullable String group) implements Listener {}

    /**
     * A TCP address; port 0 takes a free one.
     *
     * @param tls null for plain HTTP
     */
    record Tcp(InetSocketAddress address, @Nullable Tls tls) implements Listener {}

    /**
     * A socket that listens already, from whoever started this process.
     *
     * @param descriptor its number; the server closes it
     * @param unix whether it is a unix socket; else it is one of TCP
     * @param tls for TCP; null for plain HTTP
     */
    record Inherited(int descriptor, boolean unix, @Nullable Tls tls) implements Listener {}
}
