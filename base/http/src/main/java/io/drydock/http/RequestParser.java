package io.drydock.http;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads. Strict where leniency lets two parsers disagree about where a request ends (RFC 9112 §11.2): no space
 * before the colon, no folded lines, one Content-Length, never with Transfer-Encoding.
 */
final class RequestParser {
    private final WireInput input;
    private final Limits limits;

    RequestParser(WireInput input, Limits limits) {
        this.input = input;
        this.limits = limits;
    }

    /**
     * The next request's head, or null if the peer ended the connection instead.
     *
     * @throws HttpException for a malformed request; the connection cannot go on
     */
    @Nullable
    RequestHead head() throws IOException {
        String line = input.line(limits.requestLine(), 414);
        if (line != null && line.isEmpty()) {
            line = input.line(limits.requestLine(), 414);
        }
        if (line == null) {
            return null;
        }
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first <= 0 || last <= first + 1 || line.indexOf(' ', first + 1) != last) {
            throw new HttpException(400, "malformed HTTP request");
        }
        String method = line.substring(0, first);
        String target = line.substring(first + 1, last);
        int minor = minorVersion(line.substring(last + 1));
        if (!Tokens.isToken(method)) {
            throw new HttpException(400, "invalid method");
        }
        checkTarget(target);
        Headers headers = headers();
        if (minor == 1 && headers.all("Host").size() != 1) {
            throw new HttpException(
                    400, headers.has("Host") ? "too many Host headers" : "missing required Host header");
        }
        return new RequestHead(method, target, minor, headers);
    }

    private static int minorVersion(String version) {
        return switch (version) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> {
                if (version.startsWith("HTTP/")) {
                    throw new HttpException(505, "unsupported protocol version");
                }
                throw new HttpException(400, "malformed HTTP version");
            }
        };
    }

    static void checkTarget(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                throw new HttpException(400, "invalid request target");
            }
        }
        if (!target.startsWith("/") && target.indexOf("://") < 0 && !target.equals("*")) {
            throw new HttpException(400, "invalid request target");
        }
    }

    private Headers headers() throws IOException {
        Headers headers = new Headers();
        int left = limits.header();
        while (true) {
            String line = input.line(left, 431);
            if (line == null) {
                throw new HttpException(400, "unexpected end of the header");
            }
            if (line.isEmpty()) {
                return headers;
            }
            left -= line.length();
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon);
            if (!Tokens.isToken(name)) {
                throw new HttpException(400, "malformed header line");
            }
            String value = line.substring(colon + 1).strip();
            if (value.indexOf(0) >= 0 || value.indexOf('\r') >= 0) {
                throw new HttpException(400, "invalid header value");
            }
            headers.add(name, value);
        }
    }

    /** How the body of a request is delimited. */
    RequestBody body(RequestHead head, RequestBody.ContinueSignal signal) {
        List<String> lengths = head.headers().all("Content-Length");
        List<String> codings = head.headers().all("Transfer-Encoding");
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new HttpException(501, "unsupported transfer encoding");
            }
            if (!lengths.isEmpty() || head.minorVersion() == 0) {
                throw new HttpException(400, "ambiguous length of the body");
            }
            return RequestBody.chunked(input, signal);
        }
        if (lengths.isEmpty()) {
            return RequestBody.ofLength(input, 0, signal);
        }
        String length = lengths.getFirst();
        if (lengths.stream().anyMatch(other -> !other.equals(length))) {
            throw new HttpException(400, "conflicting Content-Length headers");
        }
        return RequestBody.ofLength(input, decimal(length), signal);
    }

    static long decimal(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new HttpException(400, "bad Content-Length");
        }
        return Long.parseLong(text);
    }
}
