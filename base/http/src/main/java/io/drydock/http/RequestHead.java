package io.drydock.http;

/** Request line and header fields. {@code minorVersion} is 0 or 1. */
record RequestHead(String method, String target, int minorVersion, Headers headers) {

    /** Whether the client wants the connection kept after this request. */
    boolean keepAlive() {
        return minorVersion >= 1
                ? !headers.hasToken("Connection", "close")
                : headers.hasToken("Connection", "keep-alive");
    }

    boolean expectsContinue() {
        return minorVersion >= 1 && "100-continue".equalsIgnoreCase(headers.get("Expect"));
    }
}
