package io.drydock.containerd.server.metrics;

import io.drydock.http.ErrorRenderer;
import io.drydock.http.Exchange;
import io.drydock.http.HttpServer;
import io.drydock.http.Listener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A unix socket for looking into the process, at the paths that {@code ctr pprof} asks: the command line, what all threads
 * do, memory. Profiles in pprof's form are not made.
 */
public final class DebugServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;

    private DebugServer(HttpServer server) {
        this.server = server;
    }

    public static DebugServer serve(Path socket, int uid, int gid) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        var server = new HttpServer(DebugServer::answer, ErrorRenderer.PLAIN);
        boolean listening = false;
        try {
            server.listen(new Listener.Unix(socket, 0600, null));
            Files.setAttribute(socket, "unix:uid", uid);
            Files.setAttribute(socket, "unix:gid", gid);
            listening = true;
            return new DebugServer(server);
        } finally {
            if (!listening) {
                server.close();
            }
        }
    }

    private static void answer(Exchange exchange) throws IOException {
        var response = exchange.response();
        switch (exchange.request().path()) {
            case "/debug/pprof/cmdline" ->
                response.send(
                        TEXT, Files.readString(Path.of("/proc/self/cmdline")).replaceFirst("\0$", ""));
            case "/debug/pprof/goroutine" -> response.send(TEXT, threads());
            case "/debug/vars" -> response.send("application/json; charset=utf-8", memory());
            case "/debug/pprof/heap",
                    "/debug/pprof/profile",
                    "/debug/pprof/block",
                    "/debug/pprof/trace",
                    "/debug/pprof/threadcreate",
                    "/debug/pprof/mutex",
                    "/debug/pprof/allocs" ->
                response.status(501).send(TEXT, "profiles in pprof's form are not supported: use jcmd or jfr\n");
            default -> response.status(404).send(TEXT, "404 page not found\n");
        }
    }

    /** What platform threads do; virtual threads are not among them. */
    private static String threads() {
        var text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            var thread = entry.getKey();
            text.append("thread ").append(thread.threadId()).append(" \"").append(thread.getName());
            text.append("\" [").append(thread.getState()).append("]:\n");
            for (var frame : entry.getValue()) {
                text.append("\tat ").append(frame).append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String memory() {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return "{\"memstats\":{\"HeapAlloc\":" + heap.getUsed() + ",\"HeapSys\":" + heap.getCommitted() + "}}\n";
    }

    @Override
    public void close() {
        server.close();
    }
}
