package io.drydock.registry.server;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that has signed itself, with its key, in a directory. */
record Certificate(Path file, Path key) {
    /** Makes one with openssl, as people do. */
    static Certificate make(Path directory, String name) {
        var made = new Certificate(directory.resolve(name + ".crt"), directory.resolve(name + "-key.pem"));
        Command.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
                .with("-keyout", made.key.toString())
                .with("-out", made.file.toString())
                .with("-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2")
                .run()
                .ok();
        return made;
    }

    /** Lines of the part {@code http} of a configuration. */
    String settings() {
        return "  tls: {certificate: " + file + ", key: " + key + "}\n";
    }

    /** A client that trusts it. */
    SSLContext trusted() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(file)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
