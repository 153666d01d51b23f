package io.drydock.docker.engine.network.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * A container's place in one network, as names see it.
 *
 * @param id the endpoint's id
 * @param networkId the network's id
 * @param networkName the network's name
 * @param names by which others of the network find it, its own first; empty in networks without name resolution
 * @param links containers, by their ids, under the names under which this one finds them
 * @param ipv4 its address; empty for none
 * @param ipv6 its IPv6 address; empty for none
 */
public record Place(
        String id,
        String networkId,
        String networkName,
        List<String> names,
        Map<String, String> links,
        String ipv4,
        String ipv6) {

    /** Copies the list and the map. */
    public Place {
        names = List.copyOf(names);
        links = Map.copyOf(links);
    }

    /** The address of one family, if there is one. */
    List<byte[]> addresses(boolean ofIpv6) {
        var text = ofIpv6 ? ipv6 : ipv4;
        return text.isEmpty() ? List.of() : List.of(InetAddress.ofLiteral(text).getAddress());
    }
}
