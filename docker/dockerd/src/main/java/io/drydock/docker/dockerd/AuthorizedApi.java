package io.drydock.docker.dockerd;

import io.drydock.docker.engine.plugin.PluginException;
import io.drydock.docker.engine.plugin.Plugins;
import io.drydock.http.Exchange;
import io.drydock.http.Headers;
import io.drydock.http.HttpException;
import io.drydock.http.HttpHandler;
import io.drydock.http.Peer;
import io.drydock.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * The API behind authorization plugins: each is asked about every request, and about every answer before its first byte is
 * sent. One that says no, or says nothing, keeps the request from its handler or the answer from the client.
 *
 * <pre>
 *   AuthZPlugin.AuthZReq  {User, UserAuthNMethod, RequestMethod, RequestUri, RequestBody, RequestHeaders, …}  → {Allow, Msg}
 *   AuthZPlugin.AuthZRes  the same and {ResponseStatusCode, ResponseHeaders, ResponseBody}                    → {Allow, Msg}
 * </pre>
 */
final class AuthorizedApi implements HttpHandler {
    private static final String PURPOSE = "authz";
    private static final int BODY_LIMIT = 4 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern AUTH = Pattern.compile("/(v\\d[\\d.]*/)?auth.*");
    private static final Set<String> SECRET = Set.of("authorization", "x-registry-config", "x-registry-auth");

    private final HttpHandler api;
    private final Plugins plugins;
    private final Supplier<List<String>> names;

    /**
     * @param names of the plugins that are asked now
     */
    AuthorizedApi(HttpHandler api, Plugins plugins, Supplier<List<String>> names) {
        this.api = api;
        this.plugins = plugins;
        this.names = names;
    }

    /** Refuses plugins that there are not, or that are for something else. */
    static void check(Plugins plugins, List<String> names) throws BadUsage {
        for (String name : names) {
            try {
                plugins.find(name, PURPOSE);
            } catch (PluginException e) {
                throw new BadUsage("Error validating authorization plugin: " + e.getMessage());
            }
        }
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        if (names.get().isEmpty()) {
            api.handle(exchange);
            return;
        }
        var question = question(exchange.request());
        ask("AuthZPlugin.AuthZReq", question);
        exchange.response().inspectedBy((status, headers, body) -> {
            question.put("ResponseStatusCode", status);
            question.put("ResponseHeaders", headers(headers));
            if (hasBody(exchange.request().rawPath(), headers) && body.length > 0) {
                question.put("ResponseBody", Base64.getEncoder().encodeToString(body));
            }
            try {
                ask("AuthZPlugin.AuthZRes", question);
            } catch (HttpException e) {
                if (status < 400) {
                    throw e; // what failed already may be told so
                }
            }
        });
        api.handle(exchange);
        if (!exchange.response().committed()) {
            exchange.response().finish(); // here, where a refusal can still be told
        }
    }

    private void ask(String method, Map<String, Object> question) {
        for (String name : names.get()) {
            Map<String, Object> answer;
            try {
                answer = plugins.find(name, PURPOSE).client().call(method, question, LIMIT);
            } catch (PluginException e) {
                throw new HttpException(500, "plugin " + name + " failed with error: " + e.getMessage());
            }
            if (!Boolean.TRUE.equals(answer.get("Allow"))) {
                Object words = answer.getOrDefault("Msg", "");
                throw new HttpException(403, "authorization denied by plugin " + name + ": " + words);
            }
        }
    }

    private static Map<String, Object> question(Request request) throws IOException {
        var question = new LinkedHashMap<String, Object>();
        var certificates = request.peer() instanceof Peer.TcpPeer tcp ? tcp.certificates() : List.<X509Certificate>of();
        if (!certificates.isEmpty()) {
            question.put("User", commonName(certificates.getFirst()));
            question.put("UserAuthNMethod", "TLS");
        }
        question.put("RequestMethod", request.method());
        question.put("RequestUri", request.target());
        if (hasBody(request.rawPath(), request.headers())) {
            byte[] body = request.peekBody(BODY_LIMIT + 1);
            if (body.length > BODY_LIMIT) {
                throw new HttpException(
                        500, "request body too large for authorization plugin: size exceeds " + BODY_LIMIT + " bytes");
            }
            if (body.length > 0) {
                question.put("RequestBody", Base64.getEncoder().encodeToString(body));
            }
        }
        question.put("RequestHeaders", headers(request.headers()));
        if (!certificates.isEmpty()) {
            question.put("RequestPeerCertificates", encoded(certificates));
        }
        return question;
    }

    /** Bodies are shown if they are JSON and not a password. */
    private static boolean hasBody(String path, Headers headers) {
        String type = headers.get("Content-Type");
        return type != null
                && type.split(";")[0].strip().equalsIgnoreCase("application/json")
                && !AUTH.matcher(path).matches();
    }

    private static Map<String, String> headers(Headers headers) {
        var shown = new LinkedHashMap<String, String>();
        headers.forEach((name, value) -> {
            if (!SECRET.contains(name.toLowerCase(Locale.ROOT))) {
                shown.put(canonical(name), value);
            }
        });
        return shown;
    }

    /** As Go's servers write names of headers: {@code Content-Type}. */
    private static String canonical(String name) {
        var words = new ArrayList<String>();
        for (String word : name.split("-", -1)) {
            words.add(
                    word.isEmpty()
                            ? word
                            : word.substring(0, 1).toUpperCase(Locale.ROOT)
                                    + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return String.join("-", words);
    }

    private static String commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }

    private static List<String> encoded(List<X509Certificate> certificates) throws IOException {
        var encoded = new ArrayList<String>();
        for (X509Certificate certificate : certificates) {
            try {
                String pem = "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n";
                encoded.add(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
            } catch (CertificateEncodingException e) {
                throw new IOException("encode a client's certificate: " + e.getMessage(), e);
            }
        }
        return encoded;
    }
}
