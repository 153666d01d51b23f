package io.drydock.rpc;

/**
 * One frame. The payload array belongs to the frame: nobody changes it.
 *
 * @param stream the stream id, positive
 * @param kind {@link #REQUEST}, {@link #RESPONSE} or {@link #DATA}; others are passed on for the reader to refuse
 * @param flags the sum of the flags
 * @param payload the message, empty when {@link #NO_DATA} is set
 * @param oversized true if the peer sent more than {@link #MAX_PAYLOAD} bytes; the payload was dropped
 */
record Frame(int stream, int kind, int flags, byte[] payload, boolean oversized) {
    static final int HEADER = 10;
    static final int MAX_PAYLOAD = 4 << 20;

    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int DATA = 3;

    static final int REMOTE_CLOSED = 1;
    static final int REMOTE_OPEN = 2;
    static final int NO_DATA = 4;

    private static final byte[] EMPTY = new byte[0];

    static Frame request(int stream, int flags, byte[] payload) {
        return new Frame(stream, REQUEST, flags, payload, false);
    }

    static Frame response(int stream, byte[] payload) {
        return new Frame(stream, RESPONSE, 0, payload, false);
    }

    static Frame data(int stream, byte[] payload) {
        return new Frame(stream, DATA, 0, payload, false);
    }

    static Frame endOfData(int stream) {
        return new Frame(stream, DATA, REMOTE_CLOSED | NO_DATA, EMPTY, false);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
