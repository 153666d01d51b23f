package io.drydock.docker.engine.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IPv6 subnet, or an address with the length of its subnet's prefix.
 *
 * @param high the upper half of the address; host bits may be set
 * @param low the lower half
 * @param prefix the length of the prefix, 0–128
 */
record Ipv6Subnet(long high, long low, int prefix) {

    /** Reads {@code fd00::1/64}; null if it is none. */
    static @Nullable Ipv6Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash == text.length() - 1 || text.length() - slash > 4) {
            return null;
        }
        var address = parseAddress(text.substring(0, slash));
        var length = text.substring(slash + 1);
        if (address == null || !length.chars().allMatch(Character::isDigit) || Integer.parseInt(length) > 128) {
            return null;
        }
        return new Ipv6Subnet(address.high, address.low, Integer.parseInt(length));
    }

    /** Reads {@code fd00::1/64}, which it must be: INVALID {@code invalid CIDR address: …}. */
    static Ipv6Subnet parsed(String text) throws NetworkException {
        var subnet = parse(text);
        if (subnet == null) {
            throw new NetworkException(NetworkException.Kind.INVALID, "invalid CIDR address: " + text);
        }
        return subnet;
    }

    /** An address of either family as programs other than the JDK write it, which does not shorten. */
    static String text(InetAddress address) {
        var subnet = parseAddress(address.getHostAddress());
        return subnet == null ? address.getHostAddress() : subnet.address();
    }

    /** Reads {@code fd00::1} as a subnet of one address; null if it is none. */
    static @Nullable Ipv6Subnet parseAddress(String text) {
        if (text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
            return null;
        }
        try {
            var bytes = ByteBuffer.wrap(InetAddress.ofLiteral(text).getAddress());
            return bytes.capacity() == 16 ? new Ipv6Subnet(bytes.getLong(), bytes.getLong(), 128) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private long highMask() {
        return prefix == 0 ? 0 : prefix >= 64 ? -1L : -1L << (64 - prefix);
    }

    private long lowMask() {
        return prefix <= 64 ? 0 : prefix == 128 ? -1L : -1L << (128 - prefix);
    }

    /** The subnet without host bits. */
    Ipv6Subnet network() {
        return new Ipv6Subnet(high & highMask(), low & lowMask(), prefix);
    }

    boolean contains(Ipv6Subnet other) {
        return ((other.high ^ high) & highMask()) == 0 && ((other.low ^ low) & lowMask()) == 0;
    }

    boolean overlaps(Ipv6Subnet other) {
        return contains(other.network()) || other.contains(network());
    }

    /** That many addresses further, in the lower half. */
    Ipv6Subnet plus(long offset) {
        return new Ipv6Subnet(high, low + offset, prefix);
    }

    /** The address as sixteen bytes in network order. */
    byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** The address as people write it, the longest run of zeros left out. */
    String address() {
        var groups = ByteBuffer.wrap(bytes()).asShortBuffer();
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups.get(end) == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(i == 0 || i == start + length && start >= 0 ? "" : ":")
                        .append(Integer.toHexString(groups.get(i) & 0xffff));
            }
        }
        return text.toString();
    }

    /** The address with the prefix. */
    @Override
    public String toString() {
        return address() + "/" + prefix;
    }
}
