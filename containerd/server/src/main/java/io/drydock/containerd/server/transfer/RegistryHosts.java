package io.drydock.containerd.server.transfer;

import io.drydock.containerd.server.config.Toml;
import io.drydock.image.remote.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is reached: what {@code DIRECTORY/HOST/hosts.toml} says (mirrors first, then {@code server}), or the host
 * itself by the default scheme. Certificates beside that file, in Docker's {@code certs.d} form, are used as well.
 */
final class RegistryHosts {
    private static final String HUB = "docker.io";
    private static final String HUB_HOST = "registry-1.docker.io";

    private RegistryHosts() {}

    /**
     * The endpoints of a host, those to ask first in front; the last one is the registry itself.
     *
     * @param directory of {@code HOST/hosts.toml} files, empty for none
     * @param scheme {@code http} for a registry that is insecure: plain HTTP, or TLS with any certificate; else TLS
     * @throws IllegalArgumentException when the file is malformed
     */
    static List<Endpoint> of(String host, String directory, String scheme) throws IOException {
        var own = directory.isEmpty() ? null : hostDirectory(Path.of(directory), host);
        if (own == null || !Files.exists(own.resolve("hosts.toml"))) {
            return List.of(endpoint(url(host, scheme), scheme.equals("http"), own, false));
        }
        var file = own.resolve("hosts.toml");
        Map<String, Object> document;
        try {
            document = Toml.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to parse hosts file " + file + ": " + e.getMessage(), e);
        }
        var endpoints = new ArrayList<Endpoint>();
        var hosts = Toml.table(document, "host");
        var server = Toml.text(document, "server", url(host, scheme));
        for (var mirror : hosts.keySet()) {
            if (!sameHost(withScheme(mirror), withScheme(server))) {
                endpoints.add(configured(mirror, Toml.table(hosts, mirror), own, true));
            }
        }
        var itself = hosts.keySet().stream()
                .filter(name -> sameHost(withScheme(name), withScheme(server)))
                .findFirst()
                .map(name -> Toml.table(hosts, name))
                .orElse(document);
        endpoints.add(configured(server, itself, own, false));
        return List.copyOf(endpoints);
    }

    /** {@code HOST} or, for hosts with a port, {@code HOST_PORT_}; {@code _default} for all others; null without any. */
    private static @Nullable Path hostDirectory(Path directory, String host) {
        for (var name : List.of(host, host.replace(':', '_') + "_", "_default")) {
            if (Files.isDirectory(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        return null;
    }

    private static boolean sameHost(String one, String other) {
        return URI.create(one).getRawAuthority().equals(URI.create(other).getRawAuthority());
    }

    private static String withScheme(String server) {
        return server.contains("://") ? server : "https://" + server;
    }

    private static Endpoint configured(String server, Map<String, Object> settings, Path own, boolean mirror) {
        var address = withScheme(server);
        if (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        if (!Toml.flag(settings, "override_path", false) && address.endsWith("/v2")) {
            address = address.substring(0, address.length() - 3);
        }
        boolean skip = Toml.flag(settings, "skip_verify", false);
        var authority =
                settings.get("ca") instanceof String ca ? own.resolve(ca).getParent() : own;
        return endpoint(address, skip, authority, mirror);
    }

    private static Endpoint endpoint(String address, boolean skipVerify, @Nullable Path certificates, boolean mirror) {
        return new Endpoint(URI.create(address), skipVerify, certificates, mirror);
    }

    private static String url(String host, String scheme) {
        return (scheme.isEmpty() ? "https" : scheme) + "://" + (host.equals(HUB) ? HUB_HOST : host);
    }
}
