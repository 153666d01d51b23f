package io.drydock.registry.server;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses certificates by the name that a client asks for, and by the protocol: who validates that this is the host gets another
 * one. Source: RFC 8737. Safe for threads.
 */
final class AcmeKeys extends X509ExtendedKeyManager {
    static final String VALIDATION = "acme-tls/1";

    private final Map<String, Entry> served = new ConcurrentHashMap<>();
    private final String first;

    /** A certificate with those it comes from, and its key. */
    record Entry(PrivateKey key, List<X509Certificate> chain) {}

    /** @param first the host whose certificate is for those who do not say a name */
    AcmeKeys(String first) {
        this.first = first;
    }

    void serve(String host, Entry entry) {
        served.put(host, entry);
    }

    /** Proves to the authority that this is the host. */
    void prove(String host, Entry entry) {
        served.put(VALIDATION + " " + host, entry);
    }

    void proven(String host) {
        served.remove(VALIDATION + " " + host);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        var host = first;
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (var name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName asked) {
                    host = asked.getAsciiName();
                }
            }
        }
        var alias = VALIDATION.equals(engine.getHandshakeApplicationProtocol()) ? VALIDATION + " " + host : host;
        var entry = served.get(alias);
        return entry != null && entry.key.getAlgorithm().equals(keyType) ? alias : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var entry = served.get(alias);
        return entry == null ? null : entry.chain.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var entry = served.get(alias);
        return entry == null ? null : entry.key;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return served.keySet().toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null; // there are engines only
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
