package io.drydock.docker.dockerd;

import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.http.TlsConfig;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Opens the addresses of {@code -H}: TCP first, so that who finds the unix socket finds the ports, too. */
final class Listening {
    private static final int SOCKET_MODE = 0660;

    private final DaemonConfig config;
    private final Linux linux;
    private final Logger log;

    Listening(DaemonConfig config, Linux linux, Logger log) {
        this.config = config;
        this.linux = linux;
        this.log = log;
    }

    void open(HttpServer server) throws IOException, BadUsage {
        for (HostAddress host : config.hosts()) {
            if (host instanceof HostAddress.Activated activated) {
                for (int descriptor : InheritedSockets.ofEnvironment().chosen(activated.descriptor())) {
                    boolean unix = InheritedSockets.prepare(linux, descriptor);
                    server.listen(new Listener.Inherited(descriptor, unix, unix ? null : tls()));
                    log.info("API listen on descriptor {}", descriptor);
                }
            }
        }
        for (HostAddress host : config.hosts()) {
            if (host instanceof HostAddress.Tcp tcp) {
                if (!config.tls()) {
                    log.warn(
                            "Binding to IP address without --tlsverify is insecure and gives root access on this machine to "
                                    + "everyone who has access to your network. host=\"tcp://{}:{}\"",
                            tcp.host(),
                            tcp.port());
                }
                server.listen(new Listener.Tcp(new InetSocketAddress(tcp.host(), tcp.port()), tls()));
                log.info("API listen on {}:{}", tcp.host(), tcp.port());
            }
        }
        for (HostAddress host : config.hosts()) {
            if (host instanceof HostAddress.Unix unix) {
                Files.createDirectories(unix.path().toAbsolutePath().getParent());
                server.listen(new Listener.Unix(unix.path(), SOCKET_MODE, group()));
                log.info("API listen on {}", unix.path());
            }
        }
    }

    private @Nullable TlsConfig tls() throws BadUsage {
        if (!config.tls()) {
            return null;
        }
        Path home = Path.of(System.getProperty("user.home"), ".docker");
        Path certificate =
                Path.of(config.text(DaemonFlag.TLSCERT, home.resolve("cert.pem").toString()));
        Path key =
                Path.of(config.text(DaemonFlag.TLSKEY, home.resolve("key.pem").toString()));
        boolean verify = config.flag(DaemonFlag.TLSVERIFY, false);
        Path authority = verify
                ? Path.of(
                        config.text(DaemonFlag.TLSCACERT, home.resolve("ca.pem").toString()))
                : null;
        for (Path file : authority == null
                ? java.util.List.of(certificate, key)
                : java.util.List.of(certificate, key, authority)) {
            if (!Files.isReadable(file)) {
                throw new BadUsage("could not load X509 key pair (" + file + "): no such file or directory");
            }
        }
        return new TlsConfig(certificate, key, authority);
    }

    /** The group that may use the socket; the default one need not exist. */
    private @Nullable String group() throws IOException, BadUsage {
        String name = config.text(DaemonFlag.GROUP, "docker");
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
            return name;
        } catch (UserPrincipalNotFoundException e) {
            if (name.equals("docker")) {
                log.warn("could not change group /var/run/docker.sock to docker: group docker not found");
                return null;
            }
            throw new BadUsage("group " + name + " not found");
        }
    }
}
