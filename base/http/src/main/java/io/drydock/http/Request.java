package io.drydock.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.jspecify.annotations.Nullable;

/** One request. Belongs to the thread that handles it. */
public final class Request {
    private final RequestHead head;
    private final RequestBody body;
    private final Peer peer;
    private final boolean secure;
    private final String rawPath;
    private final String rawQuery;
    private @Nullable QueryParameters query;
    private @Nullable InputStream replayed;

    Request(RequestHead head, RequestBody body, Peer peer, boolean secure) {
        this.head = head;
        this.body = body;
        this.peer = peer;
        this.secure = secure;
        String target = originForm(head.target());
        int question = target.indexOf('?');
        this.rawPath = question < 0 ? target : target.substring(0, question);
        this.rawQuery = question < 0 ? "" : target.substring(question + 1);
    }

    /** Strips scheme and host of an absolute-form target; clients of unix sockets send both forms. */
    private static String originForm(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        int question = target.indexOf('?', scheme + 3);
        if (slash >= 0 && (question < 0 || slash < question)) {
            return target.substring(slash);
        }
        return question < 0 ? "/" : "/" + target.substring(question);
    }

    /** The method as sent, e.g. {@code GET}. */
    public String method() {
        return head.method();
    }

    /** Whether the method is HEAD. */
    public boolean isHead() {
        return head.method().equals("HEAD");
    }

    /** 0 or 1: the minor version of HTTP/1. */
    public int minorVersion() {
        return head.minorVersion();
    }

    /** What was asked for, as sent: path and query. */
    public String target() {
        return head.target();
    }

    /** The path as sent: percent-encoded, not normalised, without the query. */
    public String rawPath() {
        return rawPath;
    }

    /** The path percent-decoded; a decoded slash cannot be told from a separator, so route on {@link #rawPath()}. */
    public String path() {
        return PercentCoding.decode(rawPath, false);
    }

    /** The query as sent, without the question mark; empty if there is none. */
    public String rawQuery() {
        return rawQuery;
    }

    /**
     * The decoded query.
     *
     * @throws HttpException 400 for a broken percent escape
     */
    public QueryParameters query() {
        if (query == null) {
            query = QueryParameters.parse(rawQuery);
        }
        return query;
    }

    /** The header fields; not to be changed. */
    public Headers headers() {
        return head.headers();
    }

    /** The first value of a header field, or null. */
    public @Nullable String header(String name) {
        return head.headers().get(name);
    }

    /**
     * The body: empty when the request has none. Reading blocks until bytes arrive and throws {@link java.io.EOFException}
     * if the client stops short of what it announced. The first read answers {@code Expect: 100-continue}.
     */
    public InputStream body() {
        return replayed == null ? body : replayed;
    }

    /**
     * The beginning of the body, which {@link #body} delivers nevertheless. Called before anybody has read of it.
     *
     * @param limit the most to read ahead, in bytes
     */
    public byte[] peekBody(int limit) throws IOException {
        byte[] beginning = body.readNBytes(limit);
        replayed = new SequenceInputStream(new ByteArrayInputStream(beginning), body);
        return beginning;
    }

    /** Announced length of the body in bytes; 0 without a body, -1 if chunked. */
    public long contentLength() {
        return body.announcedLength();
    }

    /** Who sent it. */
    public Peer peer() {
        return peer;
    }

    /** Whether it came over TLS. */
    public boolean secure() {
        return secure;
    }

    RequestBody wireBody() {
        return body;
    }
}
