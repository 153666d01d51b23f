package io.drydock.docker.engine.log;

/** The well-formed sequences of RFC 3629. */
final class Utf8 {
    private Utf8() {}

    /** The length of the sequence of two to four bytes that begins at {@code i}; 0 if it is not well-formed. */
    static int sequence(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xff;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || i + length > to) {
            return 0;
        }
        for (int k = 1; k < length; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[i + 1] & 0xff;
        boolean bad = first == 0xe0 && second < 0xa0
                || first == 0xed && second > 0x9f
                || first == 0xf0 && second < 0x90
                || first == 0xf4 && second > 0x8f;
        return bad ? 0 : length;
    }
}
