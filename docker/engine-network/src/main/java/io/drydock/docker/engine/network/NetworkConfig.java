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
     */
    public record Bridge(
            @Nullable String name,
            @Nullable String address,
            @Nullable String fixedCidr,
            @Nullable String defaultGateway,
            int mtu,
            boolean icc) {}

    /**
     * What is asked of the kernel's firewall.
     *
     * @param enabled {@code --iptables}: whether rules are made at all
     * @param masquerade {@code --ip-masq}: whether containers reach the outside under the host's address
     * @param forward {@code --ip-forward}: whether forwarding is switched on
     * @param backend {@code --firewall-backend}: {@code nftables} or {@code iptables}
     */
    public record Firewall(boolean enabled, boolean masquerade, boolean forward, String backend) {}

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
     * @param size the prefix length of each subnet taken from it, from the base's own to 30
     */
    public record AddressPool(String base, int size) {}

    /** The defaults of dockerd with our docker-proxy. */
    public static NetworkConfig of(Path root, Path execRoot, Path proxyProgram) {
        return new NetworkConfig(
                root,
                execRoot,
                new Bridge(null, null, null, null, 0, true),
                new Firewall(true, true, true, "nftables"),
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
