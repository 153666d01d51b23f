package io.drydock.docker.engine.image;

import io.drydock.containerd.client.Credentials;
import io.drydock.containerd.client.PullRequest;
import io.drydock.image.remote.Endpoint;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.Reference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached: mirrors of Docker Hub and registries without trusted certificates. Containerd is told by
 * {@code hosts.toml} files.
 *
 * @param hostsDirectory where the files are
 * @param mirrors URLs of mirrors of Docker Hub, each ended by a slash
 * @param insecure hosts, {@code host:port}s and networks in CIDR notation
 * @param limits of one pull or push
 */
public record RegistrySettings(
        Path hostsDirectory, List<String> mirrors, List<String> insecure, PullRequest.Limits limits) {
    private static final String LOOPBACK = "127.0.0.0/8";

    /** Copies the lists. */
    public RegistrySettings {
        mirrors = List.copyOf(mirrors);
        insecure = List.copyOf(insecure);
    }

    /** Writes the files for containerd. */
    public void write() {
        var text = new StringBuilder();
        for (String mirror : mirrors) {
            text.append("[host.\"")
                    .append(mirror, 0, mirror.length() - 1)
                    .append("\"]\n")
                    .append("  capabilities = [\"pull\", \"resolve\"]\n");
            if (mirror.startsWith("https:") && isInsecure(mirror.substring(8, mirror.length() - 1))) {
                text.append("  skip_verify = true\n");
            }
        }
        try {
            Path hub = hostsDirectory.resolve("docker.io");
            Files.createDirectories(hub);
            Files.writeString(hub.resolve("hosts.toml"), "server = \"https://registry-1.docker.io\"\n" + text);
        } catch (IOException e) {
            throw EngineException.system("write registry hosts: " + e.getMessage(), e);
        }
    }

    /** Whether a registry's certificate is not checked and plain HTTP is taken. */
    public boolean isInsecure(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = colon > hostAndPort.lastIndexOf(']') ? hostAndPort.substring(0, colon) : hostAndPort;
        if (host.equals("localhost") || inNetwork(host, LOOPBACK) || host.equals("[::1]")) {
            return true;
        }
        return insecure.stream()
                .anyMatch(entry ->
                        entry.contains("/") ? inNetwork(host, entry) : entry.equals(hostAndPort) || entry.equals(host));
    }

    private static boolean inNetwork(String host, String cidr) {
        try {
            int slash = cidr.indexOf('/');
            byte[] network = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            int bits = Integer.parseInt(cidr.substring(slash + 1));
            if (network.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % 8;
                if ((network[i / 8] & mask) != (address[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How to reach the registry of an image. */
    PullRequest.Registry of(Reference reference, @Nullable AuthConfig auth) {
        String scheme = isInsecure(reference.domain()) ? "http" : "";
        String hosts = reference.domain().equals(Reference.DEFAULT_DOMAIN) && !mirrors.isEmpty()
                ? hostsDirectory.toString()
                : "";
        return new PullRequest.Registry(hosts, scheme, Map.of(), auth == null ? null : credentials(auth), limits);
    }

    /** Where a registry is asked directly: mirrors first, if they are for it. */
    List<Endpoint> endpoints(String domain) {
        var endpoints = new ArrayList<Endpoint>();
        boolean hub = domain.equals(Reference.DEFAULT_DOMAIN);
        if (hub) {
            for (String mirror : mirrors) {
                var base = URI.create(mirror.substring(0, mirror.length() - 1));
                endpoints.add(new Endpoint(base, isInsecure(base.getRawAuthority()), certificates(base), true));
            }
        }
        endpoints.add(endpoint(hub ? "registry-1.docker.io" : domain));
        return endpoints;
    }

    /** A registry by its host and port. */
    Endpoint endpoint(String host) {
        var base = URI.create("https://" + host);
        return new Endpoint(base, isInsecure(host), certificates(base), false);
    }

    private static @Nullable Path certificates(URI base) {
        var directory = Path.of("/etc/docker/certs.d").resolve(base.getRawAuthority());
        return Files.isDirectory(directory) ? directory : null;
    }

    private static Credentials credentials(AuthConfig auth) {
        return (host, reference) -> {
            if (auth.identitytoken() != null && !auth.identitytoken().isEmpty()) {
                return new Credentials.Answer.RefreshToken(auth.identitytoken());
            }
            if (auth.username() == null || auth.username().isEmpty()) {
                return new Credentials.Answer.Anonymous();
            }
            return new Credentials.Answer.Password(auth.username(), auth.password() == null ? "" : auth.password());
        };
    }
}
