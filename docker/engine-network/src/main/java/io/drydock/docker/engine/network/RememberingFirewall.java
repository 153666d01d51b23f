package io.drydock.docker.engine.network;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is wanted of a firewall, whatever backend brings it into the kernel. */
abstract class RememberingFirewall implements Firewall {
    /** The networks by the names of their bridges. Guarded by this. */
    final Map<String, BridgeRules> bridges = new LinkedHashMap<>();
    /** What is published, the oldest first. Guarded by this. */
    final Set<Publication> publications = new LinkedHashSet<>();

    /** Those of IPv6, or those of IPv4. */
    static List<Publication> of(Collection<Publication> some, boolean ipv6) {
        return some.stream().filter(p -> p.isIpv6() == ipv6).toList();
    }

    /** The networks with IPv4. */
    List<BridgeRules> ipv4Bridges() {
        return bridges.values().stream()
                .filter(bridge -> bridge.subnet() != null)
                .toList();
    }

    /** The networks with IPv6. */
    List<BridgeRules> ipv6Bridges() {
        return bridges.values().stream().filter(bridge -> bridge.ipv6() != null).toList();
    }

    /** Brings a change of the networks into the kernel. */
    abstract void bridgesChanged() throws IOException;

    @Override
    public synchronized void putBridge(BridgeRules rules) throws IOException {
        bridges.put(rules.bridge(), rules);
        bridgesChanged();
    }

    @Override
    public synchronized void removeBridge(String bridge) throws IOException {
        if (bridges.remove(bridge) != null) {
            bridgesChanged();
        }
    }

    @Override
    public synchronized void adopt(BridgeRules rules) {
        bridges.put(rules.bridge(), rules);
    }

    @Override
    public synchronized void adopt(Collection<Publication> known) {
        publications.addAll(known);
    }
}
