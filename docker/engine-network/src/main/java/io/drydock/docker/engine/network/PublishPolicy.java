package io.drydock.docker.engine.network;

/** What else than the engine decides about who reaches published ports. */
public enum PublishPolicy {
    /** Nothing: a published port is open to everybody, whatever the host's firewall says of programs of the host. */
    OPEN,
    /**
     * The host's firewall: what arrives at a published port passes the same rules (ufw's, firewalld's) as what arrives at a
     * program of the host, because nothing is translated and docker-proxy receives it. Containers see the host as caller.
     */
    FIREWALL,
    /** Like {@link #OPEN}, but ports that are published without an address are at the host's loopback only. */
    LOCAL
}
