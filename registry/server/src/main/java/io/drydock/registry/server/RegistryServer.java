package io.drydock.registry.server;

import io.drydock.http.ErrorRenderer;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.http.Router;
import io.drydock.http.TlsConfig;
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

    private RegistryServer(Settings settings) throws IOException {
        var locations = Locations.of(settings.http());
        var tokens = TokenServer.of(settings.auth(), Clock.systemUTC());
        var access = Access.of(settings.auth(), tokens, locations);
        this.lock = settings.storage().readOnly() || !settings.storage().kind().equals("filesystem")
                ? null
                : DirectoryLock.take(settings.storage().root(), false)
                        .orElseThrow(() -> new IOException("garbage is being collected in "
                                + settings.storage().root()));
        this.storage = new Storage(Drivers.open(settings.storage()));
        var metrics = new Metrics();
        this.upstream =
                settings.proxy().map(proxy -> new PullThrough(storage, proxy)).orElse(null);
        this.notifications = new Notifications(
                settings.notifications(),
                settings.storage().root().resolve(".drydock").resolve("notifications"),
                locations,
                settings.http().address());
        this.drain = settings.http().drain();
        this.http =
                new HttpServer(new Api(storage, access, tokens, metrics, upstream, notifications, settings), ERRORS)
                        .speakHttp2(settings.http().http2(), settings.http().h2c());
        this.port = http.listen(listener(settings.http()));
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

    private static Router debugRoutes(Storage storage, Metrics metrics, String metricsPath) {
        var router = new Router().on("GET", "/debug/health", exchange -> {
            var failure = storage.failure();
            exchange.response()
                    .status(failure.isEmpty() ? 200 : 503)
                    .send(
                            "application/json; charset=utf-8",
                            failure.map(why -> "{\"storagedriver_" + storage.driver().name() + "\":" + Json.text(why) + "}")
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

    private static Listener listener(HttpSettings settings) {
        if (settings.unix()) {
            return new Listener.Unix(Path.of(settings.address()), 0660, null);
        }
        if (settings.certificate() == null) {
            return new Listener.Tcp(settings.tcpAddress(), null);
        }
        if (settings.key() == null) {
            throw new IllegalArgumentException("http.tls: a certificate without a key");
        }
        return new Listener.Tcp(
                settings.tcpAddress(),
                new TlsConfig(settings.certificate(), settings.key(), settings.clientAuthority()));
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
        if (debug != null) {
            debug.stop(Duration.ZERO);
        }
        maintenance.close();
        try {
            notifications.close();
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
