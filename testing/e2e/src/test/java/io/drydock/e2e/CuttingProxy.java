package io.drydock.e2e;

import io.drydock.testkit.Await;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Forwards a port to another one inside a network namespace, and cuts every connection after so many bytes of the answer. */
final class CuttingProxy implements AutoCloseable {
    private static final String PROGRAM = """
            import socket, sys, threading
            listen, target, limit = map(int, sys.argv[1:4])
            server = socket.create_server(("127.0.0.1", listen))
            def copy(source, sink, most):
                left = most
                try:
                    while left > 0:
                        data = source.recv(min(65536, left))
                        if not data: break
                        sink.sendall(data)
                        left -= len(data)
                except OSError: pass
                for s in (source, sink):
                    try: s.shutdown(socket.SHUT_RDWR)
                    except OSError: pass
            while True:
                client, _ = server.accept()
                upstream = socket.create_connection(("127.0.0.1", target))
                threading.Thread(target=copy, args=(client, upstream, 1 << 40), daemon=True).start()
                threading.Thread(target=copy, args=(upstream, client, limit), daemon=True).start()
            """;

    private final Process process;
    private final Path script;

    CuttingProxy(NetNamespace network, int listen, int target, int limit) {
        try {
            script = Files.createTempFile("cutting", ".py");
            Files.writeString(script, PROGRAM);
            process = network.command("python3", script.toString(), "" + listen, "" + target, "" + limit)
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(
                "the proxy listens",
                () -> network.command("curl", "-s", "--max-time", "5", "http://127.0.0.1:" + listen + "/v2/")
                                .run()
                                .exitCode()
                        == 0);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Files.delete(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
