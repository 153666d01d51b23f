package io.drydock.docker.cli.http;

import io.drydock.docker.cli.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one engine. The first request asks for the version to speak, unless it is given. A connection that served its
 * answer serves the next request. Safe for several threads.
 */
public final class EngineClient implements AutoCloseable {
    /** The newest version of the API this client knows. */
    public static final String NEWEST = "1.50";

    private final Endpoint endpoint;
    private final String agent;
    private final Map<String, String> extraHeaders;
    private String version;
    private @Nullable Map<String, String> ping;
    private @Nullable Idle idle;

    private record Idle(Connection connection, HttpInput input) {}

    /** {@code version} is empty to find it out. */
    public EngineClient(Endpoint endpoint, String agent, Map<String, String> extraHeaders, String version) {
        this.endpoint = endpoint;
        this.agent = agent;
        this.extraHeaders = Map.copyOf(extraHeaders);
        this.version = version;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The version spoken with the engine; asks for it if it is not known yet. */
    public synchronized String version() throws IOException {
        if (version.isEmpty()) {
            String offered = ping().getOrDefault("api-version", "");
            version = offered.isEmpty() || compare(offered, NEWEST) > 0 ? NEWEST : offered;
        }
        return version;
    }

    /** The headers of the answer to a ping. */
    public synchronized Map<String, String> ping() throws IOException {
        if (ping == null) {
            try (Answer answer = exchange(Request.head("/_ping"), "")) {
                ping = answer.headers();
            }
        }
        return ping;
    }

    public boolean atLeast(String wanted) throws IOException {
        return compare(version(), wanted) >= 0;
    }

    /** Compares versions such as 1.9 and 1.41. */
    public static int compare(String a, String b) {
        int dotA = a.indexOf('.');
        int dotB = b.indexOf('.');
        int major = Integer.compare(Integer.parseInt(a, 0, dotA, 10), Integer.parseInt(b, 0, dotB, 10));
        return major != 0
                ? major
                : Integer.compare(
                        Integer.parseInt(a, dotA + 1, a.length(), 10), Integer.parseInt(b, dotB + 1, b.length(), 10));
    }

    /**
     * Sends a request; the answer is a good one.
     *
     * @throws EngineException if the engine refuses
     * @throws ConnectException if there is no engine
     */
    public Answer send(Request request) throws IOException {
        Answer answer = exchange(request, version());
        if (answer.status() >= 400) {
            throw refusal(request, answer);
        }
        return answer;
    }

    private EngineException refusal(Request request, Answer answer) throws IOException {
        try (answer) {
            String text = request.method.equals("HEAD") ? "" : answer.text();
            String message = text.strip();
            if (!message.isEmpty() && answer.header("content-type").startsWith("application/json")) {
                message = Json.text(Json.parse(text), "message").strip();
            }
            if (message.isEmpty()) {
                message = "request returned " + Reason.of(answer.status()) + " for API route and version http://"
                        + endpoint.hostHeader() + request.target(version)
                        + ", check if the server supports the requested API version";
            }
            return new EngineException(answer.status(), message);
        }
    }

    /** Sends a request and takes the connection over. */
    public Hijacked hijack(Request request) throws IOException {
        String v = version();
        request.header("Connection", "Upgrade").header("Upgrade", "tcp");
        Connection connection = connect();
        try {
            Answer answer = converse(request, v, connection, new HttpInput(connection.input()));
            if (answer.status() != 101 && answer.status() != 200) {
                throw refusal(request, answer);
            }
            boolean multiplexed = answer.header("content-type").equals("application/vnd.docker.multiplexed-stream");
            return new Hijacked(connection, answer.body(), multiplexed);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private Answer exchange(Request request, String v) throws IOException {
        Idle kept;
        synchronized (this) {
            kept = idle;
            idle = null;
        }
        if (kept != null) {
            try {
                return converse(request, v, kept.connection, kept.input);
            } catch (IOException e) {
                // the engine may have closed it while it was idle: once more on a new one
                kept.connection.close();
                if (request.body != null) {
                    throw e;
                }
            }
        }
        Connection connection = connect();
        try {
            return converse(request, v, connection, new HttpInput(connection.input()));
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** A new connection to the engine, on which nothing was said yet. */
    public Connection connect() throws IOException {
        try {
            return endpoint.connect();
        } catch (IOException e) {
            throw ConnectException.of(endpoint, e);
        }
    }

    private Answer converse(Request request, String v, Connection connection, HttpInput input) throws IOException {
        var head = new StringBuilder(256);
        head.append(request.method).append(' ').append(request.target(v)).append(" HTTP/1.1\r\nHost: ");
        head.append(endpoint.hostHeader())
                .append("\r\nUser-Agent: ")
                .append(agent)
                .append("\r\n");
        extraHeaders.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        request.headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] content = request.content;
        Request.Body body = request.body;
        if (body != null) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (content != null || request.method.equals("POST") || request.method.equals("PUT")) {
            head.append("Content-Length: ")
                    .append(content == null ? 0 : content.length)
                    .append("\r\n");
        }
        head.append("\r\n");
        OutputStream out = connection.output();
        byte[] first = HttpInput.bytes(head.toString());
        if (content != null && content.length > 0) {
            byte[] both = java.util.Arrays.copyOf(first, first.length + content.length);
            System.arraycopy(content, 0, both, first.length, content.length);
            first = both;
        }
        out.write(first);
        if (body != null) {
            sendBody(body, out);
        }
        return receive(request, connection, input);
    }

    /** An engine that refuses early closes its side; what it answered is still to be read, so a failed write is not the end. */
    private static void sendBody(Request.Body body, OutputStream out) throws IOException {
        var broken = new boolean[1];
        var chunks = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) throws IOException {
                if (len == 0 || broken[0]) {
                    return;
                }
                try {
                    out.write(HttpInput.bytes(Integer.toHexString(len) + "\r\n"));
                    out.write(b, off, len);
                    out.write('\r');
                    out.write('\n');
                } catch (IOException e) {
                    broken[0] = true;
                }
            }
        };
        var buffered = new BufferedOutputStream(chunks, 32768);
        body.writeTo(buffered);
        buffered.flush();
        if (!broken[0]) {
            try {
                out.write(HttpInput.bytes("0\r\n\r\n"));
            } catch (IOException e) {
                broken[0] = true;
            }
        }
    }

    private Answer receive(Request request, Connection connection, HttpInput input) throws IOException {
        String statusLine = input.line();
        if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
            throw new IOException("malformed HTTP response \"" + statusLine + "\"");
        }
        int status = Integer.parseInt(statusLine, 9, 12, 10);
        var headers = new LinkedHashMap<String, String>();
        for (String line = input.line(); !line.isEmpty(); line = input.line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(),
                        line.substring(colon + 1).strip());
            }
        }
        if (status == 100) {
            return receive(request, connection, input);
        }
        InputStream body;
        boolean upgrade = request.headers.containsKey("Upgrade");
        if (status == 101 || upgrade && status < 300) {
            body = input;
        } else if (request.method.equals("HEAD") || status == 204 || status == 304) {
            body = new BodyStream(input, false, 0);
        } else if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            body = new BodyStream(input, true, 0);
        } else {
            body = new BodyStream(input, false, Long.parseLong(headers.getOrDefault("content-length", "-1")));
        }
        boolean reusable = !headers.getOrDefault("connection", "").equalsIgnoreCase("close") && !upgrade;
        return new Answer(status, headers, body, ended -> release(connection, input, ended && reusable));
    }

    /** Keeps the connection for the next request if it can serve again, and closes it otherwise. */
    private void release(Connection connection, HttpInput input, boolean reusable) throws IOException {
        synchronized (this) {
            if (reusable && idle == null) {
                idle = new Idle(connection, input);
                return;
            }
        }
        connection.close();
    }

    @Override
    public synchronized void close() throws IOException {
        Idle kept = idle;
        idle = null;
        if (kept != null) {
            kept.connection.close();
        }
    }
}
