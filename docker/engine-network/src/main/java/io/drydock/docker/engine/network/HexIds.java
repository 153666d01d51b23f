package io.drydock.docker.engine.network;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Random identifiers. They are names, not secrets. */
final class HexIds {
    private HexIds() {}

    /** 64 hex digits, as Docker's ids are. */
    static String id() {
        return random(32);
    }

    /** That many random bytes as hex digits. */
    static String random(int bytes) {
        var random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** A name for the outer end of a pair of interfaces. */
    static String interfaceName() {
        return "veth" + random(4).substring(0, 7);
    }

    /** A locally administered MAC address like those of Docker, with four random bytes. */
    static byte[] randomMac() {
        var mac = new byte[6];
        ThreadLocalRandom.current().nextBytes(mac);
        mac[0] = 0x02;
        mac[1] = 0x42;
        return mac;
    }

    /** The MAC address that belongs to an IPv4 address, so that a neighbour's cache stays right when the address moves on. */
    static byte[] macOf(int address) {
        var ip = Ipv4Subnet.bytes(address);
        return new byte[] {0x02, 0x42, ip[0], ip[1], ip[2], ip[3]};
    }
}
