package io.drydock.docker.engine.network;

import java.util.Locale;

/** A transport protocol whose ports can be published. */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The protocol's number in the IP header. */
    public int number() {
        return number;
    }

    /** The protocol's name as Docker writes it, in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The protocol of that name.
     *
     * @throws NetworkException (INVALID) if there is none such, or it cannot be published here
     */
    public static Protocol of(String name) throws NetworkException {
        return switch (name) {
            case "tcp", "" -> TCP;
            case "udp" -> UDP;
            case "sctp" -> SCTP;
            default -> throw new NetworkException(NetworkException.Kind.INVALID, "invalid proto: " + name);
        };
    }
}
