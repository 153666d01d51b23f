package io.drydock.docker.engine.network;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 subnet, or an address with the length of its subnet's prefix.
 *
 * @param address the address as a number; host bits may be set
 * @param prefix the length of the prefix, 0–32
 */
record Ipv4Subnet(int address, int prefix) {

    /** Reads {@code 172.17.0.1/16}; null if it is none. */
    static @Nullable Ipv4Subnet parse(String text) {
        int slash = text.indexOf('/');
        var address = parseAddress(slash < 0 ? text : text.substring(0, slash));
        if (address == null || slash < 0) {
            return null;
        }
        var length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 2 || !length.chars().allMatch(Character::isDigit)) {
            return null;
        }
        int prefix = Integer.parseInt(length);
        return prefix > 32 ? null : new Ipv4Subnet(address, prefix);
    }

    /** Reads {@code 172.17.0.1/16}, which it must be: INVALID {@code invalid CIDR address: …}. */
    static Ipv4Subnet parsed(String text) throws NetworkException {
        var subnet = parse(text);
        if (subnet == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid CIDR address: " + text);
        }
        return subnet;
    }

    /** Reads {@code 172.17.0.1}; null if it is none. */
    static @Nullable Integer parseAddress(String text) {
        int address = 0;
        int part = 0;
        int digits = 0;
        int parts = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (digits == 0 || part > 255) {
                    return null;
                }
                address = address << 8 | part;
                parts++;
                part = 0;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                part = part * 10 + c - '0';
                digits++;
            } else {
                return null;
            }
        }
        return parts == 4 ? address : null;
    }

    /** The address as people write it. */
    static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /** The address as four bytes in network order. */
    static byte[] bytes(int address) {
        return new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
    }

    int mask() {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    /** The subnet without host bits. */
    Ipv4Subnet network() {
        return new Ipv4Subnet(address & mask(), prefix);
    }

    int broadcast() {
        return address | ~mask();
    }

    boolean contains(int other) {
        return (other & mask()) == (address & mask());
    }

    boolean overlaps(Ipv4Subnet other) {
        return contains(other.address & other.mask()) || other.contains(address & mask());
    }

    /** The address with the prefix, as {@code 172.17.0.1/16}. */
    @Override
    public String toString() {
        return format(address) + "/" + prefix;
    }
}
