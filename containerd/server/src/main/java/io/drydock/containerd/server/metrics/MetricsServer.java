package io.drydock.containerd.server.metrics;

import io.drydock.containerd.server.grpc.TcpAddress;
import io.drydock.http.ErrorRenderer;
import io.drydock.http.Exchange;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import java.io.IOException;

/** {@code http://ADDRESS/v1/metrics}. */
public final class MetricsServer implements AutoCloseable {
    private static final String CONTENT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final int port;

    private MetricsServer(HttpServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** @param address HOST:PORT; without a host, all addresses */
    public static MetricsServer serve(String address, Monitoring monitoring) throws IOException {
        var server = new HttpServer(exchange -> answer(exchange, monitoring), ErrorRenderer.PLAIN);
        boolean listening = false;
        try {
            int port = server.listen(new Listener.Tcp(TcpAddress.parse(address), null));
            listening = true;
            return new MetricsServer(server, port);
        } finally {
            if (!listening) {
                server.close();
            }
        }
    }

    private static void answer(Exchange exchange, Monitoring monitoring) throws IOException {
        if (exchange.request().path().equals("/v1/metrics")) {
            exchange.response().send(CONTENT, monitoring.text());
        } else {
            exchange.response().status(404).send("text/plain; charset=utf-8", "404 page not found\n");
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.close();
    }
}
