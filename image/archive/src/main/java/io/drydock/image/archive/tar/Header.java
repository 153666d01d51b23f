package io.drydock.image.archive.tar;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fields of a 512-byte tar header (POSIX.1-1988 ustar, GNU). */
final class Header {
    static final int BLOCK = 512;
    static final int NAME = 0;
    static final int MODE = 100;
    static final int UID = 108;
    static final int GID = 116;
    static final int SIZE = 124;
    static final int MTIME = 136;
    static final int CHECKSUM = 148;
    static final int TYPE = 156;
    static final int LINK_NAME = 157;
    static final int MAGIC = 257;
    static final int USER_NAME = 265;
    static final int GROUP_NAME = 297;
    static final int DEV_MAJOR = 329;
    static final int DEV_MINOR = 337;
    static final int PREFIX = 345;
    static final int GNU_SPARSE = 386;
    static final int GNU_EXTENDED = 482;
    static final int GNU_REAL_SIZE = 483;

    private Header() {}

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Verifies the checksum, which some writers compute over signed bytes. */
    static boolean checksumFits(byte[] block) throws TarException {
        long expected = number(block, CHECKSUM, 8);
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        return expected == unsigned || expected == signed;
    }

    /** Text up to the first NUL. */
    static String text(byte[] block, int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }

    /** An octal number, or GNU's base-256 if the first bit is set. */
    static long number(byte[] block, int offset, int length) throws TarException {
        if ((block[offset] & 0x80) != 0) {
            return base256(block, offset, length);
        }
        int at = offset;
        int end = offset + length;
        while (at < end && (block[at] == ' ' || block[at] == 0)) {
            at++;
        }
        long value = 0;
        for (; at < end && block[at] != ' ' && block[at] != 0; at++) {
            int digit = block[at] - '0';
            if (digit < 0 || digit > 7) {
                throw new TarException("invalid tar header");
            }
            value = value << 3 | digit;
        }
        return value;
    }

    private static long base256(byte[] block, int offset, int length) throws TarException {
        byte[] bytes = Arrays.copyOfRange(block, offset, offset + length);
        boolean negative = (bytes[0] & 0x40) != 0;
        bytes[0] = (byte) (negative ? bytes[0] : bytes[0] & 0x7f);
        BigInteger value = new BigInteger(bytes);
        if (value.bitLength() > 63) {
            throw new TarException("number out of range");
        }
        return value.longValue();
    }
}
