package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NfNetlink;
import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.docker.engine.network.netlink.NftRule;
import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import io.drydock.linux.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The engine's one table in the kernel's firewall. Its rules depend on the networks only; a published port is an element of a
 * map, so that publishing is one small transaction and a packet's way does not grow with the number of ports.
 *
 * <pre>
 *   prerouting ─ to an address of this host ─┐
 *   output ───── likewise, not 127/8 ────────┴▶ published ─▶ dnat by @ports_at (protocol, address, port)
 *                                                            dnat by @ports    (protocol, port)
 *   postrouting ─ from a container to elsewhere ─▶ masquerade
 *   forward ───── between the ports of a bridge if allowed; from one bridge to another never;
 *                 into a bridge: replies, translated connections; else dropped
 *                 out of a bridge to no other bridge: accepted
 * </pre>
 *
 * <p>What is wanted is kept here; {@link #rebuild} replaces the whole table by it in one transaction, also when somebody else
 * flushed it. Safe for several threads.
 */
final class NftablesFirewall extends RememberingFirewall {
    private static final int PREROUTING = 0;
    private static final int FORWARD = 2;
    private static final int OUTPUT = 3;
    private static final int POSTROUTING = 4;
    private static final int PRIORITY_DNAT = -100;
    private static final int PRIORITY_FILTER = 0;
    private static final int PRIORITY_SNAT = 100;

    private static final String BRIDGES = "bridges";
    private static final String PROXIED = "proxied";
    private static final String PORTS = "ports";
    private static final String PORTS_AT = "ports_at";
    private static final String HAIRPIN = "hairpin";
    private static final String PUBLISHED = "published";

    private final NfNetlink netlink;
    private final String table;
    private final boolean userlandProxy;
    private final boolean forwardOthers;
    private boolean hasIpv6Table;

    /**
     * A firewall that keeps its rules in a table of that name. Nothing is changed before the first {@link #rebuild}.
     *
     * @param userlandProxy whether a proxy serves what comes from containers and loopback, so that it is not translated
     * @param forwardOthers whether packets that concern no container are still forwarded
     */
    NftablesFirewall(NfNetlink netlink, String table, boolean userlandProxy, boolean forwardOthers) {
        this.netlink = netlink;
        this.table = table;
        this.userlandProxy = userlandProxy;
        this.forwardOthers = forwardOthers;
    }

    @Override
    public String name() {
        return "nftables";
    }

    @Override
    public boolean isDisturbedBy(NetlinkMessage message) {
        return message.port() != netlink.port() && NftBatch.concerns(message, table);
    }

    @Override
    void bridgesChanged() throws LinuxException {
        rebuild();
    }

    @Override
    public synchronized void publish(Collection<Publication> added) throws LinuxException {
        if (added.isEmpty()) {
            return;
        }
        publications.addAll(added);
        try {
            var batch = new NftBatch(table);
            add(batch, added);
            commitOrRebuild(batch);
        } catch (LinuxException e) {
            added.forEach(publications::remove);
            throw e;
        }
    }

    @Override
    public synchronized void withdraw(Collection<Publication> removed) throws LinuxException {
        var known = removed.stream().filter(publications::remove).toList();
        if (known.isEmpty()) {
            return;
        }
        var batch = new NftBatch(table);
        deleteAt(batch, PORTS, known.stream().filter(p -> p.hostAddress() == 0).toList());
        deleteAt(
                batch,
                PORTS_AT,
                known.stream().filter(p -> p.hostAddress() != 0).toList());
        if (!userlandProxy) {
            var kept = publications.stream()
                    .map(p -> ByteBuffer.wrap(hairpinKey(p)))
                    .toList();
            var gone = hairpinKeys(known).stream()
                    .filter(k -> !kept.contains(ByteBuffer.wrap(k)))
                    .toList();
            if (!gone.isEmpty()) {
                batch.deleteElements(HAIRPIN, gone);
            }
        }
        commitOrRebuild(batch);
    }

    private static void deleteAt(NftBatch batch, String map, List<Publication> gone) {
        if (!gone.isEmpty()) {
            batch.deleteElements(map, gone.stream().map(NftablesFirewall::key).toList());
        }
    }

    /** A transaction fails if the table is no longer what it was, because somebody flushed it; then all is made anew. */
    private void commitOrRebuild(NftBatch batch) throws LinuxException {
        try {
            netlink.commit(batch);
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) {
                throw e;
            }
            rebuild();
        }
    }

    @Override
    public synchronized void rebuild() throws LinuxException {
        var batch = new NftBatch(table).addTable().deleteTable().addTable();
        batch.addSet(BRIDGES, NftBatch.INTERFACE_LENGTH, NftBatch.TYPE_INTERFACE);
        batch.addSet(PROXIED, NftBatch.INTERFACE_LENGTH, NftBatch.TYPE_INTERFACE);
        batch.addTargetMap(PORTS, 8, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_PORT);
        batch.addTargetMap(PORTS_AT, 12, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_ADDRESS, NftBatch.TYPE_PORT);
        batch.addSet(
                HAIRPIN, 16, NftBatch.TYPE_ADDRESS, NftBatch.TYPE_ADDRESS, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_PORT);
        batch.addChain(PUBLISHED);
        batch.addBaseChain("prerouting", "nat", PREROUTING, PRIORITY_DNAT, true);
        batch.addBaseChain("output", "nat", OUTPUT, PRIORITY_DNAT, true);
        batch.addBaseChain("postrouting", "nat", POSTROUTING, PRIORITY_SNAT, true);
        batch.addBaseChain("forward", "filter", FORWARD, PRIORITY_FILTER, forwardOthers);
        batch.addKeys(
                BRIDGES, bridges.keySet().stream().map(NftRule::interfaceName).toList());
        // what comes from a container of an internal network is translated and then dropped: it is not to find a way
        // out
        // through the proxy
        batch.addKeys(
                PROXIED,
                bridges.values().stream()
                        .filter(bridge -> !bridge.internal())
                        .map(bridge -> NftRule.interfaceName(bridge.bridge()))
                        .toList());
        add(batch, publications);
        addTranslation(batch);
        addForwarding(batch, bridges.values());
        netlink.commit(batch);
        rebuildIpv6();
    }

    /** The table for IPv6 has no published ports: these are forwarded by docker-proxy. */
    private void rebuildIpv6() throws LinuxException {
        var ipv6 = bridges.values().stream()
                .filter(bridge -> bridge.ipv6() != null)
                .toList();
        if (ipv6.isEmpty() && !hasIpv6Table) {
            return;
        }
        var batch = NftBatch.ofIpv6(table).addTable().deleteTable();
        if (!ipv6.isEmpty()) {
            batch.addTable();
            batch.addSet(BRIDGES, NftBatch.INTERFACE_LENGTH, NftBatch.TYPE_INTERFACE);
            batch.addBaseChain("postrouting", "nat", POSTROUTING, PRIORITY_SNAT, true);
            batch.addBaseChain("forward", "filter", FORWARD, PRIORITY_FILTER, forwardOthers);
            batch.addKeys(
                    BRIDGES,
                    ipv6.stream()
                            .map(bridge -> NftRule.interfaceName(bridge.bridge()))
                            .toList());
            for (var bridge : ipv6) {
                var subnet = bridge.ipv6();
                if (subnet != null && bridge.masquerade() && !bridge.internal()) {
                    batch.addRule("postrouting")
                            .source6In(subnet.bytes(), subnet.prefix())
                            .outputIs(bridge.bridge(), false)
                            .masquerade();
                }
            }
            addForwarding(batch, ipv6);
        }
        netlink.commit(batch);
        hasIpv6Table = !ipv6.isEmpty();
    }

    private void addTranslation(NftBatch batch) {
        if (userlandProxy) {
            batch.addRule(PUBLISHED).inputIn(PROXIED, true).skip();
        }
        batch.addRule(PUBLISHED).translateByDestination(PORTS_AT);
        batch.addRule(PUBLISHED).translateByPort(PORTS);
        batch.addRule("prerouting").destinationLocal().jump(PUBLISHED);
        var output = batch.addRule("output");
        if (userlandProxy) {
            output.destinationOutside(new byte[] {127, 0, 0, 0}, 8);
        }
        output.destinationLocal().jump(PUBLISHED);
        for (var bridge : bridges.values()) {
            if (bridge.masquerade() && !bridge.internal()) {
                batch.addRule("postrouting")
                        .sourceIn(
                                Ipv4Subnet.bytes(bridge.subnet().network().address()),
                                bridge.subnet().prefix())
                        .outputIs(bridge.bridge(), false)
                        .masquerade();
            }
        }
        if (!userlandProxy) {
            batch.addRule("postrouting").sourceDestinationPortIn(HAIRPIN).masquerade();
            batch.addRule("postrouting").outputIn(BRIDGES, true).sourceLocal().masquerade();
        }
    }

    private static void addForwarding(NftBatch batch, Collection<BridgeRules> bridges) {
        for (var bridge : bridges) {
            var name = bridge.bridge();
            if (bridge.internal()) {
                batch.addRule("forward")
                        .inputIs(name, true)
                        .outputIs(name, false)
                        .drop();
                batch.addRule("forward")
                        .inputIs(name, false)
                        .outputIs(name, true)
                        .drop();
            }
            var between = batch.addRule("forward").inputIs(name, true).outputIs(name, true);
            if (bridge.icc()) {
                between.accept();
            } else {
                between.drop();
            }
        }
        batch.addRule("forward").inputIn(BRIDGES, true).outputIn(BRIDGES, true).drop();
        batch.addRule("forward").outputIn(BRIDGES, true).established().accept();
        batch.addRule("forward").inputIn(BRIDGES, true).outputIn(BRIDGES, false).accept();
        batch.addRule("forward").outputIn(BRIDGES, true).destinationTranslated().accept();
        batch.addRule("forward").outputIn(BRIDGES, true).drop();
    }

    private void add(NftBatch batch, Collection<Publication> added) {
        addTo(batch, PORTS, added.stream().filter(p -> p.hostAddress() == 0).toList());
        addTo(batch, PORTS_AT, added.stream().filter(p -> p.hostAddress() != 0).toList());
        if (!userlandProxy) {
            batch.addKeys(HAIRPIN, hairpinKeys(added));
        }
    }

    private static void addTo(NftBatch batch, String map, List<Publication> added) {
        var keys = new ArrayList<byte[]>();
        var data = new IdentityHashMap<byte[], byte[]>();
        for (var publication : added) {
            var key = key(publication);
            keys.add(key);
            data.put(key, target(publication));
        }
        batch.addElements(map, keys, data);
    }

    private static byte[] key(Publication p) {
        var key = ByteBuffer.allocate(p.hostAddress() == 0 ? 8 : 12)
                .put(0, (byte) p.protocol().number());
        if (p.hostAddress() != 0) {
            key.putInt(4, p.hostAddress());
        }
        return key.putShort(key.capacity() - 4, (short) p.hostPort()).array();
    }

    private static byte[] target(Publication p) {
        return ByteBuffer.allocate(8)
                .putInt(p.address())
                .putShort((short) p.port())
                .array();
    }

    private static byte[] hairpinKey(Publication p) {
        return ByteBuffer.allocate(16)
                .putInt(0, p.address())
                .putInt(4, p.address())
                .put(8, (byte) p.protocol().number())
                .putShort(12, (short) p.port())
                .array();
    }

    private static List<byte[]> hairpinKeys(Collection<Publication> some) {
        return some.stream()
                .map(p -> ByteBuffer.wrap(hairpinKey(p)))
                .distinct()
                .map(ByteBuffer::array)
                .toList();
    }

    @Override
    public void close() {
        netlink.close();
    }
}
