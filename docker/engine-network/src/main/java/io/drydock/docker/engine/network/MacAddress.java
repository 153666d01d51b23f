package io.drydock.docker.engine.network;

import java.util.HexFormat;

/** MAC addresses as text. */
final class MacAddress {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private MacAddress() {}

    /** Six bytes as {@code 02:42:ac:11:00:02}. */
    static String format(byte[] mac) {
        return COLONS.formatHex(mac);
    }

    /**
     * Reads {@code 02:42:ac:11:00:02}, also with dashes.
     *
     * @throws NetworkException (INVALID) with Docker's words
     */
    static byte[] parse(String text) throws NetworkException {
        try {
            var mac = COLONS.parseHex(text.replace('-', ':'));
            if (mac.length == 6) {
                return mac;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new NetworkException(NetworkException.Kind.INVALID, "invalid mac address: " + text);
    }
}
