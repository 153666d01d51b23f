package io.drydock.registry.server;

import io.drydock.http.ManagedTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that an authority gives by ACME, obtained and renewed on a thread of its own while the registry serves. The
 * authority's proof that this is the host comes over TLS on the registry's own port (tls-alpn-01, RFC 8737), which therefore has to be
 * reachable as port 443 of the hosts. Keys and certificates are kept in a directory, so that a restart asks nobody.
 */
final class AcmeCertificates implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AcmeCertificates.class);
    private static final Duration LOOK = Duration.ofHours(12);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final HttpSettings.Acme settings;
    private final AcmeKeys keys;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("acme").factory());

    /** @throws IOException when what is kept cannot be read */
    AcmeCertificates(HttpSettings.Acme settings) throws IOException {
        this.settings = settings;
        this.keys = new AcmeKeys(settings.hosts().getFirst());
        Files.createDirectories(settings.cache());
        try {
            for (var host : settings.hosts()) {
                file(host).entry().ifPresent(entry -> keys.serve(host, entry));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("http.tls.letsencrypt.cachefile: " + e.getMessage(), e);
        }
    }

    private KeyFile file(String host) {
        return new KeyFile(settings.cache().resolve(host + ".pem"));
    }

    ManagedTls tls(@Nullable Path clientAuthority) {
        return new ManagedTls(keys, clientAuthority, List.of(AcmeKeys.VALIDATION));
    }

    /** Begins to look for certificates that are missing or old; the registry must listen. */
    void begin() {
        timer.execute(this::look);
    }

    private void look() {
        var next = LOOK;
        for (var host : settings.hosts()) {
            try {
                if (isDue(host)) {
                    var entry = obtain(host);
                    file(host).write(entry);
                    keys.serve(host, entry);
                    log.info(
                            "a certificate for {} until {}",
                            host,
                            entry.chain().getFirst().getNotAfter());
                }
            } catch (IOException | GeneralSecurityException | AcmeException e) {
                log.error("no certificate for {} from {}: {}", host, settings.directory(), e.getMessage());
                next = AFTER_FAILURE;
            } catch (InterruptedException e) {
                return; // the registry ends
            }
        }
        timer.schedule(this::look, next.toSeconds(), TimeUnit.SECONDS);
    }

    private boolean isDue(String host) throws IOException, GeneralSecurityException {
        var entry = file(host).entry();
        return entry.isEmpty() || isOld(entry.get().chain().getFirst(), Instant.now());
    }

    /** Whether two thirds of its time are over. */
    static boolean isOld(X509Certificate certificate, Instant now) {
        var begin = certificate.getNotBefore().toInstant();
        var life = Duration.between(begin, certificate.getNotAfter().toInstant());
        return now.isAfter(begin.plus(life.multipliedBy(2).dividedBy(3)));
    }

    private AcmeKeys.Entry obtain(String host)
            throws IOException, GeneralSecurityException, AcmeException, InterruptedException {
        var account = new AccountBuilder()
                .agreeToTermsOfService()
                .useKeyPair(new KeyFile(settings.cache().resolve("account.pem")).pair());
        if (!settings.email().isEmpty()) {
            account.addEmail(settings.email());
        }
        var order = account.create(new Session(settings.directory()))
                .newOrder()
                .domain(host)
                .create();
        for (var authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) {
                prove(host, authorization);
            }
        }
        expect(order.waitUntilReady(PATIENCE), Status.READY, "the order");
        var pair = KeyFile.generate();
        order.execute(pair);
        expect(order.waitForCompletion(PATIENCE), Status.VALID, "the order");
        return new AcmeKeys.Entry(pair.getPrivate(), order.getCertificate().getCertificateChain());
    }

    private void prove(String host, Authorization authorization)
            throws GeneralSecurityException, AcmeException, IOException, InterruptedException {
        var challenge = authorization
                .findChallenge(TlsAlpn01Challenge.class)
                .orElseThrow(() -> new IOException("the authority does not offer tls-alpn-01"));
        // acme4j signs this certificate, which nobody keeps, with RSA only
        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        keys.prove(
                host,
                new AcmeKeys.Entry(
                        pair.getPrivate(), List.of(challenge.createCertificate(pair, authorization.getIdentifier()))));
        try {
            challenge.trigger();
            var status = challenge.waitForCompletion(PATIENCE);
            if (status != Status.VALID) {
                throw new IOException("the authority does not find this registry at " + host + ": "
                        + challenge.getError().map(Object::toString).orElse(status.toString()));
            }
        } finally {
            keys.proven(host);
        }
    }

    private static void expect(Status status, Status expected, String what) throws IOException {
        if (status != expected) {
            throw new IOException(what + " is " + status);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
