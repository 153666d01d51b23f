package io.drydock.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-decoding of paths and queries (UTF-8). */
final class PercentCoding {
    private PercentCoding() {}

    /**
     * Decodes {@code %XX}, and in a query also {@code +} as a space.
     *
     * @throws HttpException 400 for an escape that is none
     */
    static String decode(String text, boolean query) {
        if (text.indexOf('%') < 0 && !(query && text.indexOf('+') >= 0)) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            byte b = raw[i];
            if (b == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new HttpException(400, "invalid URL escape in \"" + text + "\"");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(query && b == '+' ? ' ' : b);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
