package io.drydock.docker.engine.container.volume;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of 64 hexadecimal digits that are not all decimal in their first twelve. */
public final class Ids {
    private static final int BYTES = 32;
    private static final int SHORT = 12;

    private Ids() {}

    public static String random() {
        var random = new SecureRandom();
        byte[] bytes = new byte[BYTES];
        while (true) {
            random.nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            // a short id that is a number would be mistaken for one in a host name
            if (!id.substring(0, SHORT).chars().allMatch(Character::isDigit)) {
                return id;
            }
        }
    }
}
