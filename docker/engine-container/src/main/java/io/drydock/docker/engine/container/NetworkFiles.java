package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.network.Endpoint;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.docker.engine.network.dns.NameServers;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files by which a container knows names: {@code hostname}, {@code hosts} and {@code resolv.conf}. */
final class NetworkFiles {
    private static final String LOCALHOST = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;
    private static final String HOST_GATEWAY = "host-gateway";
    private static final List<String> FALLBACK = List.of("8.8.8.8", "8.8.4.4");

    private final Dns daemon;

    /** What the daemon's flags say about name servers. */
    record Dns(List<String> servers, List<String> options, List<String> search) {}

    NetworkFiles(Dns daemon) {
        this.daemon = daemon;
    }

    /**
     * Writes the files.
     *
     * @param sandbox null for a container without a network of its own
     * @param links names of other containers behind their addresses
     */
    void write(Path directory, Definition definition, @Nullable Sandbox sandbox, List<String> links)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("hostname"), definition.config().hostname() + "\n");
        Files.writeString(directory.resolve("hosts"), hosts(definition, sandbox, links));
        Files.writeString(directory.resolve("resolv.conf"), resolv(definition, sandbox));
    }

    private static String hosts(Definition definition, @Nullable Sandbox sandbox, List<String> links)
            throws IOException {
        var text = new StringBuilder();
        if (sandbox != null && sandbox.hostNetwork()) {
            Path own = Path.of("/etc/hosts");
            text.append(Files.isReadable(own) ? Files.readString(own) : LOCALHOST);
        } else {
            text.append(LOCALHOST);
        }
        Endpoint endpoint = first(sandbox);
        for (String extra : definition.hostConfig().extraHosts()) {
            int colon = extra.indexOf(':') >= 0 ? extra.indexOf(':') : extra.indexOf('=');
            if (colon < 0) {
                throw EngineException.invalid("bad format for add-host: \"" + extra + "\"");
            }
            String address = extra.substring(colon + 1);
            if (address.equals(HOST_GATEWAY)) {
                address = endpoint == null ? "" : gateway(endpoint);
            }
            if (!address.isEmpty()) {
                text.append(address).append('\t').append(extra, 0, colon).append('\n');
            }
        }
        links.forEach(link -> text.append(link).append('\n'));
        if (sandbox != null) {
            sandbox.endpoints().forEach(place -> text.append(line(definition, place)));
        }
        return text.toString();
    }

    private static String gateway(Endpoint endpoint) {
        return endpoint.gateway().isEmpty() ? endpoint.ipv6Gateway() : endpoint.gateway();
    }

    /** The lines by which a container knows its own addresses in a network; empty if it has none. */
    private static String line(Definition definition, Endpoint endpoint) {
        String hostname = definition.config().hostname();
        String domain = definition.config().domainname();
        String names = '\t' + (domain.isEmpty() ? hostname : hostname + "." + domain + " " + hostname) + '\n';
        return Stream.of(endpoint.ipAddress(), endpoint.ipv6Address())
                .filter(address -> !address.isEmpty())
                .map(address -> address + names)
                .collect(Collectors.joining());
    }

    /**
     * Adds the container's address in a network to its hosts, which keep what the container has written into them. If the
     * network brings the engine's name server with it, the container is told, unless it has changed {@code resolv.conf} itself.
     */
    void add(Path directory, Definition definition, Endpoint endpoint, Sandbox sandbox) throws IOException {
        var resolv = directory.resolve("resolv.conf");
        if (sandbox.resolvesNames()
                && Files.readString(resolv)
                        .equals(resolving(definition.hostConfig(), false).toString())) {
            rewrite(resolv, resolv(definition, sandbox));
        }
        Files.writeString(
                directory.resolve("hosts"),
                line(definition, endpoint),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Containers that a running one knows by these names, the first of their lines in its hosts, have another address. */
    void readdress(Path directory, List<String> names, String address) throws IOException {
        var hosts = directory.resolve("hosts");
        if (!Files.exists(hosts)) {
            return; // it is being removed
        }
        var before = Files.readString(hosts);
        var after = before;
        for (var name : names) {
            after = after.replaceAll(
                    "(?m)^\\S+\\t" + Pattern.quote(name) + "(?=\\s|$)",
                    Matcher.quoteReplacement(address + "\t" + name));
        }
        if (!after.equals(before)) {
            rewrite(hosts, after);
        }
    }

    /** Takes the container's address in a network out of its hosts. */
    void remove(Path directory, Definition definition, Endpoint endpoint) throws IOException {
        var hosts = directory.resolve("hosts");
        var line = line(definition, endpoint);
        if (!line.isEmpty()) {
            rewrite(hosts, Files.readString(hosts).replace(line, ""));
        }
    }

    /** The file stays the same one: it is mounted. */
    private static void rewrite(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static @Nullable Endpoint first(@Nullable Sandbox sandbox) {
        return sandbox == null || sandbox.endpoints().isEmpty()
                ? null
                : sandbox.endpoints().getFirst();
    }

    /** What a container's files say about name servers, its own settings put before the daemon's and the host's. */
    private record Resolving(List<String> servers, List<String> search, List<String> options) {
        @Override
        public String toString() {
            var text = new StringBuilder();
            servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
            if (!search.isEmpty()) {
                text.append("search ").append(String.join(" ", search)).append('\n');
            }
            if (!options.isEmpty()) {
                text.append("options ").append(String.join(" ", options)).append('\n');
            }
            return text.toString();
        }

        /** By the engine's name server, which knows all names as they are: nothing is to be appended first. */
        private Resolving byEngine() {
            var all = new ArrayList<>(options);
            if (options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
                all.add("ndots:0");
            }
            return new Resolving(List.of(NameServers.ADDRESS), search, all);
        }
    }

    /** The name servers the engine's own one asks for a container; those of the host's loopback it can reach, too. */
    List<String> servers(HostConfig host) {
        try {
            return resolving(host, true).servers();
        } catch (IOException e) {
            throw EngineException.system("read /etc/resolv.conf: " + e.getMessage(), e);
        }
    }

    private String resolv(Definition definition, @Nullable Sandbox sandbox) throws IOException {
        boolean hostNetwork = sandbox != null && sandbox.hostNetwork();
        var resolving = resolving(definition.hostConfig(), hostNetwork);
        return (sandbox != null && sandbox.resolvesNames() ? resolving.byEngine() : resolving).toString();
    }

    private Resolving resolving(HostConfig host, boolean withLoopback) throws IOException {
        var servers = new ArrayList<>(host.dns().isEmpty() ? daemon.servers() : host.dns());
        var search = new ArrayList<>(host.dnsSearch().isEmpty() ? daemon.search() : host.dnsSearch());
        var options = new ArrayList<>(host.dnsOptions().isEmpty() ? daemon.options() : host.dnsOptions());
        Path own = Path.of("/etc/resolv.conf");
        boolean[] take = {servers.isEmpty(), search.isEmpty(), options.isEmpty()};
        for (String line : Files.isReadable(own) ? Files.readAllLines(own) : List.<String>of()) {
            String[] words = line.strip().split("\\s+");
            for (int i = 1; i < words.length; i++) {
                if (words[0].equals("nameserver") && take[0] && i == 1 && (withLoopback || !isLoopback(words[1]))) {
                    servers.add(words[1]);
                } else if (words[0].equals("search") && take[1]) {
                    search.add(words[i]);
                } else if (words[0].equals("options") && take[2]) {
                    options.add(words[i]);
                }
            }
        }
        if (servers.isEmpty()) {
            servers.addAll(FALLBACK);
        }
        search.remove(".");
        return new Resolving(servers, search, options);
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1");
    }
}
