package io.drydock.docker.engine.network;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an engine's networks; {@link #of} gives dockerd's defaults, and the {@code with…} methods change a part.
 *
 * @param root where networks are kept, {@code <data-root>/network}
 * @param execRoot the daemon's exec root; sandboxes are kept below it
 * @param bridge the default bridge
 * @param firewall what is asked of the kernel's firewall
 * @param proxy how published ports are reached through user space
 * @param hostAddress the address at which ports are published that name none ({@code --ip}); null or 0.0.0.0 for all addresses
 * @param addressPools where networks without a subnet get theirs ({@code --default-address-pool}); empty for Docker's own pools
 */
public record NetworkConfig(
        Path root,
        Path execRoot,
        Bridge bridge,
        Firewall firewall,
        Proxy proxy,
        @Nullable InetAddress hostAddress,
        List<AddressPool> addressPools) {

    /** Copies the pools. */
    public NetworkConfig {
        addressPools = List.copyOf(addressPools);
    }

    /**
     * The default bridge.
     *
     * @param name {@code --bridge}: an existing interface to use; {@code none} for an engine without a bridge network; null
     *     for {@code docker0}, made if it does not exist
     * @param address {@code --bip}: the bridge's address as {@code 172.17.0.1/16}; null for the first free of the pools
     * @param fixedCidr {@code --fixed-cidr}: the part of the subnet that containers get addresses of; null for all of it
     * @param defaultGateway {@code --default-gateway}; null for the bridge itself
     * @param mtu {@code --mtu}, 68–65535; 0 for the kernel's 1500
     * @param icc {@code --icc}: whether containers may talk to each other
     * @param ipv6 its IPv6 side
     */
    public record Bridge(
            @Nullable String name,
            @Nullable String address,
            @Nullable String fixedCidr,
            @Nullable String defaultGateway,
            int mtu,
            boolean icc,
            Ipv6 ipv6) {}

    /**
     * The IPv6 side of the default bridge.
     *
     * @param enabled {@code --ipv6}; the others mean nothing without it
     * @param address {@code --bip6}: the bridge's address as {@code fd00::1/64}; null for the first of the subnet
     * @param fixedCidr {@code --fixed-cidr-v6}: the part of the subnet that containers get addresses of, and all of it if no
     *     address is given; null for a subnet of the pools
     * @param defaultGateway {@code --default-gateway-v6}; null for the bridge itself
     */
    public record Ipv6(
            boolean enabled,
            @Nullable String address,
            @Nullable String fixedCidr,
            @Nullable String defaultGateway) {
        /** No IPv6. */
        public static final Ipv6 OFF = new Ipv6(false, null, null, null);
    }

    /**
     * What is asked of the kernel's firewall.
     *
     * @param enabled {@code --iptables}: whether rules are made at all
     * @param masquerade {@code --ip-masq}: whether containers reach the outside under the host's address
     * @param forward {@code --ip-forward}: whether forwarding is switched on
     * @param backend {@code --firewall-backend}: {@code nftables} or {@code iptables}
     * @param ipv6 {@code --ip6tables}: whether there are rules for IPv6, too
     * @param policy {@code --publish-policy}
     */
    public record Firewall(
            boolean enabled, boolean masquerade, boolean forward, String backend, boolean ipv6, PublishPolicy policy) {

        /** The same with another backend. */
        public Firewall withBackend(String other) {
            return new Firewall(enabled, masquerade, forward, other, ipv6, policy);
        }

        /** The same with another policy. */
        public Firewall withPolicy(PublishPolicy other) {
            return new Firewall(enabled, masquerade, forward, backend, ipv6, other);
        }
    }

    /**
     * How published ports are reached through user space.
     *
     * @param enabled {@code --userland-proxy}
     * @param program {@code --userland-proxy-path}
     * @param ours whether the program is Drydock's docker-proxy, one process for all ports; else it is started once per port
     *     with the original's command line
     */
    public record Proxy(boolean enabled, Path program, boolean ours) {}

    /**
     * Addresses from which networks get their subnets.
     *
     * @param base the pool, as {@code 172.80.0.0/16}
     * @param size the prefix length of each subnet taken from it, from the base's own to 30 or, with IPv6, 126
     */
    public record AddressPool(String base, int size) {}

    /** The defaults of dockerd with our docker-proxy. */
    public static NetworkConfig of(Path root, Path execRoot, Path proxyProgram) {
        return new NetworkConfig(
                root,
                execRoot,
                new Bridge(null, null, null, null, 0, true, Ipv6.OFF),
                new Firewall(true, true, true, "nftables", true, PublishPolicy.OPEN),
                new Proxy(true, proxyProgram, true),
                null,
                List.of());
    }

    /** The same with another bridge. */
    public NetworkConfig withBridge(Bridge other) {
        return new NetworkConfig(root, execRoot, other, firewall, proxy, hostAddress, addressPools);
    }

    /** The same with another firewall. */
    public NetworkConfig withFirewall(Firewall other) {
        return new NetworkConfig(root, execRoot, bridge, other, proxy, hostAddress, addressPools);
    }

    /** The same with another proxy. */
    public NetworkConfig withProxy(Proxy other) {
        return new NetworkConfig(root, execRoot, bridge, firewall, other, hostAddress, addressPools);
    }

    /** The same with another default address for published ports. */
    public NetworkConfig withHostAddress(InetAddress other) {
        return new NetworkConfig(root, execRoot, bridge, firewall, proxy, other, addressPools);
    }

    /** The same with other address pools. */
    public NetworkConfig withAddressPools(List<AddressPool> other) {
        return new NetworkConfig(root, execRoot, bridge, firewall, proxy, hostAddress, other);
    }
}
