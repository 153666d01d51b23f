package io.drydock.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request and its response. Belongs to the thread that handles it. */
public final class Exchange {
    private final Request request;
    private final Response response;
    private final Link link;
    private Map<String, String> pathParameters = Map.of();
    private @Nullable RawStream raw;

    Exchange(Request request, Response response, Link link) {
        this.request = request;
        this.response = response;
        this.link = link;
    }

    /** What was asked. */
    public Request request() {
        return request;
    }

    /** What is answered. */
    public Response response() {
        return response;
    }

    /** A percent-decoded parameter of the {@link Router}'s path template; throws if the template has no such parameter. */
    public String path(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no path parameter " + name);
        }
        return value;
    }

    void pathParameters(Map<String, String> parameters) {
        this.pathParameters = parameters;
    }

    /**
     * Takes the connection over ("hijack"): sends this status line and these headers exactly as given and hands out the raw
     * connection. What is left of the request's body is read and dropped first. The handler must stay until the stream is
     * done with: the connection is closed when it returns.
     *
     * @param status e.g. 101, or 200 for clients that did not ask for an upgrade
     * @param reason e.g. {@code UPGRADED}
     * @throws IOException when the client has gone
     */
    public RawStream upgrade(int status, String reason, Headers headers) throws IOException {
        Wire wire = link.wire();
        response.inspect(status, headers, new byte[0]);
        if (!request.wireBody().drain(Integer.MAX_VALUE)) {
            throw new IOException("the request's body does not end");
        }
        response.status(status).upgraded();
        wire.output().send(Response.serialize(status, reason, headers));
        raw = new RawStream(wire);
        return raw;
    }

    /** Whether the client can still be told something. */
    boolean isActive() {
        return link.isActive();
    }

    /** Whether {@link #upgrade} was called. */
    public boolean upgraded() {
        return raw != null;
    }

    /**
     * Runs {@code action} on a thread of its own as soon as the client goes away (or ends its sending side) while this exchange
     * lasts; at once if it has gone already. Meant for handlers that wait for something else than the client. Not for
     * upgraded connections, where the end of the input is an ordinary event.
     *
     * @return close it to forget the action
     */
    public Registration onDisconnect(Runnable action) {
        return link.onInputEnd(action);
    }

    /** As {@link #onDisconnect}, with the action of interrupting the calling thread. Closing clears a pending interrupt. */
    public Registration interruptOnDisconnect() {
        Thread handler = Thread.currentThread();
        Registration registration = link.onInputEnd(handler::interrupt);
        return () -> {
            registration.close();
            Thread.interrupted();
        };
    }

    /** An action that waits for an event; closing it forgets it, waiting for it to end if it runs. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
