package io.drydock.docker.cli.catalog;

/** The flags of the commands that handle networks and volumes. The notation is that of {@link io.drydock.flags.FlagSet}. */
final class NetworkFlags {
    private NetworkFlags() {}

    static String of(String path) {
        return switch (path) {
            case "volume create" -> """
                    - availability string = active | Cluster Volume availability ("active", "pause", "drain")
                    d driver string = local | Specify volume driver name
                    - group string | Cluster Volume group (cluster volumes)
                    - label list | Set metadata for a volume
                    - limit-bytes bytes | Minimum size of the Cluster Volume in bytes
                    o opt map = map[] | Set driver specific options
                    - required-bytes bytes | Maximum size of the Cluster Volume in bytes
                    - scope string = single | Cluster Volume access scope ("single", "multi")
                    - secret map = map[] | Cluster Volume secrets
                    - sharing string = none | Cluster Volume access sharing ("none", "readonly", "onewriter", "all")
                    - topology-preferred list | A topology that the Cluster Volume would be preferred in
                    - topology-required list | A topology that the Cluster Volume must be accessible from
                    - type string = block | Cluster Volume access type ("mount", "block")
                    """;
            case "volume inspect" -> """
                    f format string | {inspect}
                    """;
            case "volume ls" -> """
                    - cluster bool | Display only cluster volumes, and use cluster volume list formatting
                    f filter filter | Provide filter values (e.g. "dangling=true")
                    - format string | {format}
                    q quiet bool | Only display volume names
                    """;
            case "volume prune" -> """
                    a all bool | Remove all unused volumes, not just anonymous ones
                    - filter filter | Provide filter values (e.g. "label=<label>")
                    f force bool | Do not prompt for confirmation
                    """;
            case "volume rm" -> """
                    f force bool | Force the removal of one or more volumes
                    """;
            case "volume update" -> """
                    - availability string = active | Cluster Volume availability ("active", "pause", "drain")
                    """;
            case "network connect" -> """
                    - alias strings | Add network-scoped alias for the container
                    - driver-opt strings | driver options for the network
                    - gw-priority int | Highest gw-priority provides the default gateway. Accepts positive and\s\
                    negative values.
                    - ip string | IPv4 address (e.g., "172.30.100.104")
                    - ip6 string | IPv6 address (e.g., "2001:db8::33")
                    - link list | Add link to another container
                    - link-local-ip strings | Add a link-local address for the container
                    """;
            case "network create" -> """
                    - attachable bool | Enable manual container attachment
                    - aux-address map = map[] | Auxiliary IPv4 or IPv6 addresses used by Network driver
                    - config-from string | The network from which to copy the configuration
                    - config-only bool | Create a configuration only network
                    d driver string = bridge | Driver to manage the Network
                    - gateway strings | IPv4 or IPv6 Gateway for the master subnet
                    - ingress bool | Create swarm routing-mesh network
                    - internal bool | Restrict external access to the network
                    - ip-range strings | Allocate container ip from a sub-range
                    - ipam-driver string = default | IP Address Management Driver
                    - ipam-opt map = map[] | Set IPAM driver specific options
                    - ipv4 bool = true | Enable or disable IPv4 address assignment
                    - ipv6 bool | Enable or disable IPv6 address assignment
                    - label list | Set metadata on a network
                    o opt map = map[] | Set driver specific options
                    - scope string | Control the network's scope
                    - subnet strings | Subnet in CIDR format that represents a network segment
                    """;
            case "network disconnect" -> """
                    f force bool | Force the container to disconnect from a network
                    """;
            case "network inspect" -> """
                    f format string | {inspect}
                    v verbose bool | Verbose output for diagnostics
                    """;
            case "network ls" -> """
                    f filter filter | Provide filter values (e.g. "driver=bridge")
                    - format string | {format}
                    - no-trunc bool | Do not truncate the output
                    q quiet bool | Only display network IDs
                    """;
            case "network prune" -> """
                    - filter filter | Provide filter values (e.g. "until=<timestamp>")
                    f force bool | Do not prompt for confirmation
                    """;
            case "network rm" -> """
                    f force bool | Do not error if the network does not exist
                    """;
            default -> "";
        };
    }
}
