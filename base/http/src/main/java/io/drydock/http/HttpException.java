package io.drydock.http;

/** A request that cannot be served, with the HTTP status that says so. Thrown by handlers and by the request parser. */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status 400–599
     * @param message for the client
     */
    public HttpException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status to answer with. */
    public int status() {
        return status;
    }
}
