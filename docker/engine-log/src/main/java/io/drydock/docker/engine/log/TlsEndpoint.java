package io.drydock.docker.engine.log;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;

/** TCP with TLS, by the files that {@code syslog-tls-…} name. */
final class TlsEndpoint {
    private TlsEndpoint() {}

    static Endpoint open(String host, int port, LogInfo info) throws IOException {
        var tls = new Tls(
                info.option("syslog-tls-ca-cert", ""),
                info.option("syslog-tls-cert", ""),
                info.option("syslog-tls-key", ""),
                info.options().containsKey("syslog-tls-skip-verify"),
                "");
        try {
            var socket = (SSLSocket) tls.context().getSocketFactory().createSocket(host, port);
            if (!tls.trustAll()) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return Endpoint.of(socket, bytes -> socket.getOutputStream().write(bytes));
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }
}
