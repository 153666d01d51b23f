package io.drydock.docker.engine.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a driver trusts and how it shows who it is, by the files that its options name; an empty name stands for none.
 *
 * @param ca certificates of authorities; the platform's without
 * @param certificate this side's chain
 * @param key this side's key, PKCS #8
 * @param trustAll nothing is checked
 * @param name what the receiver's certificate must be for, if that is not the host of its address
 */
record Tls(String ca, String certificate, String key, boolean trustAll, String name) {
    private static final char[] NO_PASSWORD = {};
    private static final int DNS_NAME = 2;

    SSLContext context() throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(keys(), trust(), null);
        return context;
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (trustAll) {
            return new TrustManager[] {new Checking(null, "")};
        }
        if (ca.isEmpty() && name.isEmpty()) {
            return null;
        }
        KeyStore store = ca.isEmpty() ? null : authorities();
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        var managers = factory.getTrustManagers();
        return name.isEmpty() ? managers : new TrustManager[] {new Checking((X509TrustManager) managers[0], name)};
    }

    private KeyStore authorities() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        int number = 0;
        for (Certificate authority : certificates(ca)) {
            store.setCertificateEntry("ca" + number++, authority);
        }
        return store;
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        var chain = certificates(certificate).toArray(new Certificate[0]);
        store.setKeyEntry("own", privateKey(Path.of(key)), NO_PASSWORD, chain);
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(String file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(Path.of(file)))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        return privateKey(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
    }

    /**
     * A PKCS #8 key in PEM.
     *
     * @param from named in the error
     */
    static PrivateKey privateKey(String pem, String from) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException other) {
                continue;
            }
        }
        throw new GeneralSecurityException("the key in " + from + " is not a PKCS #8 key");
    }

    /** An extended manager, since only that keeps the platform from comparing names itself. */
    private static final class Checking extends X509ExtendedTrustManager {
        private final @Nullable X509TrustManager chains;
        private final String name;

        /**
         * @param chains checks the chain; null if nothing is to be checked
         */
        Checking(@Nullable X509TrustManager chains, String name) {
            this.chains = chains;
            this.name = name;
        }

        private void check(X509Certificate[] chain, String type) throws CertificateException {
            if (chains == null) {
                return;
            }
            chains.checkServerTrusted(chain, type);
            var names = chain[0].getSubjectAlternativeNames();
            for (List<?> entry : names == null ? List.<List<?>>of() : names) {
                if (entry.get(0).equals(DNS_NAME) && matches(entry.get(1).toString())) {
                    return;
                }
            }
            throw new CertificateException("the certificate is not for " + name);
        }

        private boolean matches(String pattern) {
            if (pattern.startsWith("*.")) {
                int dot = name.indexOf('.');
                return dot > 0 && name.substring(dot).equalsIgnoreCase(pattern.substring(1));
            }
            return pattern.equalsIgnoreCase(name);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return chains == null ? new X509Certificate[0] : chains.getAcceptedIssuers();
        }
    }
}
