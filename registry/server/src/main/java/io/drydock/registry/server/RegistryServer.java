package io.drydock.registry.server;

import io.drydock.http.ErrorRenderer;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.http.Router;
import io.drydock.http.Tls;
import io.drydock.http.TlsConfig;
import io.drydock.log.LogSetup;
import io.drydock.registry.storage.DirectoryLock;
import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A running registry. */
final class RegistryServer implements AutoCloseable {
    private static final ErrorRenderer ERRORS = (status, message) -> new ErrorRenderer.Body(
            "application/json; charset=utf-8",
            Json.error(status == 404 ? "NAME_UNKNOWN" : "UNKNOWN", message, "{}")
                    .getBytes(StandardCharsets.UTF_8));

    private final Storage storage;
    private final HttpServer http;
    private final @Nullable HttpServer debug;
    private final Maintenance maintenance;
    private final @Nullable PullThrough upstream;
    private final Notifications notifications;
    private final @Nullable DirectoryLock lock;
    private final int port;
    private final int debugPort;
    private final Duration drain;
    private final Metrics metrics;
    private final @Nullable AcmeCertificates acme;
    private volatile Settings settings;
    private volatile Api api;

    private RegistryServer(Settings settings) throws IOException {
        this.settings = settings;
        var locations = Locations.of(settings.http());
        var tokens = TokenServer.of(settings.auth(), Clock.systemUTC());
        var access = Access.of(settings.auth(), tokens, locations);
        this.lock = settings.storage().readOnly() || !settings.storage().kind().equals("filesystem")
                ? null
                : DirectoryLock.take(settings.storage().root(), false)
                        .orElseThrow(() -> new IOException("garbage is being collected in "
                                + settings.storage().root()));
        this.storage = new Storage(Drivers.open(settings.storage()));
        this.metrics = new Metrics();
        this.upstream =
                settings.proxy().map(proxy -> new PullThrough(storage, proxy)).orElse(null);
        this.notifications = new Notifications(
                settings.notifications(),
                settings.storage().root().resolve(".drydock").resolve("notifications"),
                locations,
                settings.http().address());
        this.drain = settings.http().drain();
        this.api = new Api(storage, access, tokens, metrics, upstream, notifications, settings);
        this.http = new HttpServer(exchange -> api.handle(exchange), ERRORS)
                .speakHttp2(settings.http().http2(), settings.http().h2c());
        this.acme = settings.http().acme() == null
                ? null
                : new AcmeCertificates(settings.http().acme());
        this.port = http.listen(listener(settings.http()));
        if (acme != null) {
            acme.begin();
        }
        var address = settings.http().debugAddress();
        if (address.isEmpty()) {
            this.debug = null;
            this.debugPort = 0;
        } else {
            this.debug =
                    new HttpServer(debugRoutes(storage, metrics, settings.http().metricsPath()), ERRORS);
            this.debugPort = debug.listen(new Listener.Tcp(HttpSettings.tcp("http.debug.addr", address), null));
        }
        this.maintenance = Maintenance.start(storage, metrics, settings);
    }

    /** @throws IOException when the storage cannot be used or the address not be bound */
    static RegistryServer start(Settings settings) throws IOException {
        return new RegistryServer(settings);
    }

    /**
     * Serves by other settings from now on: by all of them, or as before if that fails.
     *
     * @throws IOException when something they name cannot be read
     * @throws IllegalArgumentException when they change what only a restart can
     */
    synchronized void reload(Settings next) throws IOException {
        Reload.check(settings, next);
        var locations = Locations.of(next.http());
        var tokens = TokenServer.of(next.auth(), Clock.systemUTC());
        var access = Access.of(next.auth(), tokens, locations);
        var tls = tls(next.http());
        Runnable certificates = tls == null || acme != null ? () -> {} : http.renew(tls);
        Runnable told = notifications.prepare(next.notifications(), locations);
        var nextApi = new Api(storage, access, tokens, metrics, upstream, notifications, next);
        told.run();
        certificates.run();
        LogSetup.choose(next.logLevel(), next.logJson());
        api = nextApi;
        settings = next;
    }

    private static Router debugRoutes(Storage storage, Metrics metrics, String metricsPath) {
        var router = new Router().on("GET", "/debug/health", exchange -> {
            var failure = storage.failure();
            exchange.response()
                    .status(failure.isEmpty() ? 200 : 503)
                    .send(
                            "application/json; charset=utf-8",
                            failure.map(why -> "{\"storagedriver_"
                                            + storage.driver().name() + "\":" + Json.text(why) + "}")
                                    .orElse("{}"));
        });
        if (!metricsPath.isEmpty()) {
            router.on(
                    "GET",
                    metricsPath,
                    exchange -> exchange.response().send("text/plain; version=0.0.4; charset=utf-8", metrics.text()));
        }
        return router;
    }

    private Listener listener(HttpSettings settings) {
        if (settings.unix()) {
            return new Listener.Unix(Path.of(settings.address()), 0660, null);
        }
        return new Listener.Tcp(settings.tcpAddress(), tls(settings));
    }

    private @Nullable Tls tls(HttpSettings settings) {
        if (acme != null) {
            return acme.tls(settings.clientAuthority());
        }
        if (settings.certificate() == null) {
            return null;
        }
        if (settings.key() == null) {
            throw new IllegalArgumentException("http.tls: a certificate without a key");
        }
        return new TlsConfig(settings.certificate(), settings.key(), settings.clientAuthority());
    }

    /** The TCP port listened on. */
    int port() {
        return port;
    }

    /** The TCP port of health and metrics, 0 if there is none. */
    int debugPort() {
        return debugPort;
    }

    /** Lets requests under way end. */
    @Override
    public void close() {
        http.stop(drain);
        if (acme != null) {
            acme.close();
        }
        if (debug != null) {
            debug.stop(Duration.ZERO);
        }
        maintenance.close();
        notifications.close();
        try {
            storage.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (upstream != null) {
            upstream.close();
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
