package io.drydock.registry.server;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the registry is reached: the part {@code http} of its configuration.
 *
 * @param address where to listen; for {@code net: unix} a path
 * @param unix whether the address is a path
 * @param prefix before {@code /v2/}: begins and ends with a slash
 * @param host scheme and host in answers instead of the request's, or empty
 * @param relativeUrls whether answers name paths only
 * @param headers added to every answer
 * @param certificate of TLS, null for plain HTTP
 * @param key of TLS
 * @param acme where certificates come from by themselves, null if they do not
 * @param clientAuthority that clients' certificates must come from, null not to ask
 * @param http2 whether clients of TLS are offered HTTP/2
 * @param h2c whether clients without TLS may begin with HTTP/2
 * @param page whether there is a page for people
 * @param drain how long requests under way may take when the registry stops
 * @param limit how many requests one address may make; null for any number
 * @param debugAddress where health and metrics are served, empty for nowhere
 * @param metricsPath of the metrics on that address, empty for none
 */
record HttpSettings(
        String address,
        boolean unix,
        String prefix,
        String host,
        boolean relativeUrls,
        Map<String, String> headers,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Acme acme,
        @Nullable Path clientAuthority,
        boolean http2,
        boolean h2c,
        boolean page,
        Duration drain,
        @Nullable Limit limit,
        String debugAddress,
        String metricsPath) {

    /**
     * How many requests.
     *
     * @param perSecond in the long run
     * @param burst at once, after a while of silence
     */
    record Limit(double perSecond, int burst) {}

    /**
     * A certificate authority that speaks ACME.
     *
     * @param cache the directory where keys and certificates are kept
     * @param email of who is told of problems, or empty
     * @param hosts names that certificates are for
     * @param directory the authority's address
     */
    record Acme(Path cache, String email, List<String> hosts, URI directory) {
        private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

        static @Nullable Acme of(ConfigNode node) {
            node.only(List.of("cachefile", "email", "hosts", "directoryurl"));
            if (node.text("cachefile", "").isEmpty()) {
                if (!node.names().isEmpty()) {
                    throw new IllegalArgumentException("configuration: http.tls.letsencrypt.cachefile must be set");
                }
                return null;
            }
            var hosts = node.texts("hosts");
            if (hosts.isEmpty() || !hosts.stream().allMatch(host -> host.matches("[a-z0-9][a-z0-9.-]*"))) {
                throw new IllegalArgumentException(
                        "configuration: http.tls.letsencrypt.hosts must be names of this registry");
            }
            return new Acme(
                    Path.of(node.text("cachefile", "")),
                    node.text("email", ""),
                    hosts,
                    URI.create(node.text("directoryurl", LETS_ENCRYPT)));
        }
    }

    /** Whether clients come over TLS. */
    boolean isTls() {
        return certificate != null || acme != null;
    }

    static HttpSettings of(ConfigNode http) {
        http.only(List.of(
                "addr",
                "net",
                "prefix",
                "host",
                "secret",
                "relativeurls",
                "draintimeout",
                "headers",
                "tls",
                "http2",
                "h2c",
                "ui",
                "ratelimit",
                "debug"));
        http.node("http2").only(List.of("disabled"));
        http.node("h2c").only(List.of("enabled"));
        http.node("ui").only(List.of("enabled"));
        var tls = http.node("tls");
        tls.only(List.of("certificate", "key", "clientcas", "letsencrypt"));
        var acme = Acme.of(tls.node("letsencrypt"));
        if (acme != null && !tls.text("certificate", "").isEmpty()) {
            throw new IllegalArgumentException("cannot specify both certificate and Let's Encrypt");
        }
        var authorities = tls.texts("clientcas");
        if (authorities.size() > 1) {
            throw new IllegalArgumentException("configuration: http.tls.clientcas: put all authorities into one file");
        }
        var net = http.text("net", "tcp");
        if (!net.equals("tcp") && !net.equals("unix")) {
            throw new IllegalArgumentException("unknown address type " + net);
        }
        var prefix = http.text("prefix", "/");
        if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
            throw new IllegalArgumentException("configuration: http.prefix must begin and end with a slash");
        }
        var debug = http.node("debug");
        debug.only(List.of("addr", "prometheus"));
        var prometheus = debug.node("prometheus");
        prometheus.only(List.of("enabled", "path"));
        return new HttpSettings(
                http.text("addr", ":5000"),
                net.equals("unix"),
                prefix,
                http.text("host", ""),
                http.flag("relativeurls"),
                headers(http.node("headers")),
                path(tls.text("certificate", "")),
                path(tls.text("key", "")),
                acme,
                path(authorities.isEmpty() ? "" : authorities.getFirst()),
                !http.node("http2").flag("disabled"),
                http.node("h2c").flag("enabled"),
                http.node("ui").flag("enabled"),
                http.duration("draintimeout", Duration.ofSeconds(10)),
                limit(http.node("ratelimit")),
                debug.text("addr", ""),
                prometheus.flag("enabled") ? prometheus.text("path", "/metrics") : "");
    }

    private static @Nullable Limit limit(ConfigNode node) {
        node.only(List.of("requests", "burst"));
        if (node.names().isEmpty()) {
            return null;
        }
        int perSecond = node.number("requests", 0);
        int burst = node.number("burst", perSecond);
        if (perSecond <= 0 || burst <= 0) {
            throw new IllegalArgumentException("configuration: http.ratelimit: requests and burst must be above 0");
        }
        return new Limit(perSecond, burst);
    }

    private static @Nullable Path path(String text) {
        return text.isEmpty() ? null : Path.of(text);
    }

    private static Map<String, String> headers(ConfigNode headers) {
        var all = new LinkedHashMap<String, String>();
        for (var name : headers.names()) {
            all.put(name, String.join(", ", headers.texts(name)));
        }
        return Map.copyOf(all);
    }

    /** The TCP address; an empty host listens everywhere. */
    InetSocketAddress tcpAddress() {
        return tcp("http.addr", address);
    }

    /** Reads {@code host:port}. */
    static InetSocketAddress tcp(String key, String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(key + ": missing port in address " + address);
        }
        int port;
        try {
            port = Integer.parseInt(address.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": invalid port in " + address, e);
        }
        var name = address.substring(0, colon).replace("[", "").replace("]", "");
        return name.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(name, port);
    }
}
