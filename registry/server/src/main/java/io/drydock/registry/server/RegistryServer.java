package io.drydock.registry.server;

import io.drydock.http.ErrorRenderer;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import io.drydock.http.TlsConfig;
import io.drydock.registry.storage.FilesystemStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A running registry. */
final class RegistryServer implements AutoCloseable {
    private static final ErrorRenderer ERRORS = (status, message) -> new ErrorRenderer.Body(
            "application/json; charset=utf-8",
            Json.error(status == 404 ? "NAME_UNKNOWN" : "UNKNOWN", message).getBytes(StandardCharsets.UTF_8));

    private final HttpServer http;
    private final int port;
    private final Duration drain;

    private RegistryServer(HttpServer http, int port, Duration drain) {
        this.http = http;
        this.port = port;
        this.drain = drain;
    }

    /** @throws IOException when the storage cannot be used or the address not be bound */
    static RegistryServer start(Settings settings) throws IOException {
        var access = settings.htpasswd() == null
                ? new Access.Everybody()
                : Access.Htpasswd.read(settings.realm(), settings.htpasswd());
        var http = new HttpServer(new Api(new FilesystemStorage(settings.root()), access, settings), ERRORS);
        return new RegistryServer(http, http.listen(listener(settings)), settings.drain());
    }

    private static Listener listener(Settings settings) {
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

    /** Lets requests under way end. */
    @Override
    public void close() {
        http.stop(drain);
    }
}
