package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NfNetlink;
import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.docker.engine.network.netlink.NftBatch.Element;
import io.drydock.docker.engine.network.netlink.NftRule;
import io.drydock.linux.Errno;
import io.drydock.linux.LinuxException;
import io.drydock.linux.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engine's table in the kernel's firewall, one for each family of addresses. Its rules depend on the networks only; a
 * published port is an element of a map, so that publishing is one small transaction and a packet's way does not grow with
 * the number of ports. So is a range of ports whose numbers stay; one whose numbers change has an element for each port,
 * because the kernel's maps cannot count.
 *
 * <pre>
 *   prerouting ─ to an address of this host ─┐
 *   output ───── likewise, not 127/8 ────────┴▶ published ─▶ dnat by @ports_at (protocol, address, port)
 *                                                            dnat by @ranges_at, which keeps the port
 *                                                            dnat by @ports    (protocol, port)
 *                                                            dnat by @ranges, which keeps the port
 *   postrouting ─ from a container to elsewhere ─▶ masquerade
 *   forward ───── between the ports of a bridge if allowed; from one bridge to another never;
 *                 into a bridge: replies, translated connections; else dropped
 *                 out of a bridge to no other bridge: accepted
 * </pre>
 *
 * <p>What is wanted is kept here; {@link #rebuild} replaces a whole table by it in one transaction, also when somebody else
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
    private static final String RANGES = "ranges";
    private static final String RANGES_AT = "ranges_at";
    private static final String HAIRPIN = "hairpin";
    private static final String PUBLISHED = "published";
    private static final byte[] LOOPBACK6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final NfNetlink netlink;
    private final String table;
    private final boolean userlandProxy;
    private final boolean forwardOthers;
    private final boolean ipv6;
    private boolean hasIpv6Table;

    /**
     * A firewall that keeps its rules in a table of that name. Nothing is changed before the first {@link #rebuild}.
     *
     * @param userlandProxy whether a proxy serves what comes from containers and loopback, so that it is not translated
     * @param forwardOthers whether packets that concern no container are still forwarded
     * @param ipv6 whether there is a table for IPv6, too, once a network has such addresses
     */
    NftablesFirewall(NfNetlink netlink, String table, boolean userlandProxy, boolean forwardOthers, boolean ipv6) {
        this.netlink = netlink;
        this.table = table;
        this.userlandProxy = userlandProxy;
        this.forwardOthers = forwardOthers;
        this.ipv6 = ipv6;
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
    public boolean isNotified() {
        return true;
    }

    @Override
    public boolean isChanged() {
        return false;
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
            for (boolean family : families()) {
                var some = of(added, family);
                if (!some.isEmpty()) {
                    var batch = batch(family);
                    add(batch, some);
                    commitOrRebuild(batch);
                }
            }
        } catch (LinuxException e) {
            added.forEach(publications::remove);
            throw e;
        }
    }

    @Override
    public synchronized void withdraw(Collection<Publication> removed) throws LinuxException {
        var known = removed.stream().filter(publications::remove).toList();
        for (boolean family : families()) {
            var some = of(known, family);
            if (!some.isEmpty()) {
                var batch = batch(family);
                remove(batch, some);
                commitOrRebuild(batch);
            }
        }
    }

    private void remove(NftBatch batch, List<Publication> gone) {
        elements(gone, false).forEach((map, elements) -> batch.deleteElements(map, elements));
        if (!userlandProxy) {
            var kept = publications.stream()
                    .flatMap(Publication::each)
                    .map(p -> ByteBuffer.wrap(hairpinKey(p)))
                    .collect(Collectors.toSet());
            var keys = hairpinKeys(gone).stream()
                    .filter(element -> !kept.contains(ByteBuffer.wrap(element.key())))
                    .toList();
            batch.deleteElements(HAIRPIN, keys);
        }
    }

    /** Which families the kernel is to have a table for: IPv4 (false), IPv6 (true). */
    private List<Boolean> families() {
        return hasIpv6Table ? List.of(false, true) : List.of(false);
    }

    private NftBatch batch(boolean family) {
        return family ? NftBatch.ofIpv6(table) : new NftBatch(table);
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
        var batch = batch(false).addTable().deleteTable();
        fill(batch, ipv4Bridges(), false);
        netlink.commit(batch);
        var ipv6 = this.ipv6 ? ipv6Bridges() : List.<BridgeRules>of();
        if (!ipv6.isEmpty() || hasIpv6Table) {
            batch = batch(true).addTable().deleteTable();
            if (!ipv6.isEmpty()) {
                fill(batch, ipv6, true);
            }
            netlink.commit(batch);
            hasIpv6Table = !ipv6.isEmpty();
        }
    }

    private void fill(NftBatch batch, Collection<BridgeRules> bridges, boolean family) {
        batch.addTable();
        int address = batch.addressType();
        int length = batch.addressLength();
        batch.addSet(BRIDGES, NftBatch.INTERFACE_LENGTH, NftBatch.TYPE_INTERFACE);
        batch.addSet(PROXIED, NftBatch.INTERFACE_LENGTH, NftBatch.TYPE_INTERFACE);
        batch.addTargetMap(PORTS, 8, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_PORT);
        batch.addTargetMap(PORTS_AT, 8 + length, NftBatch.TYPE_PROTOCOL, address, NftBatch.TYPE_PORT);
        batch.addRangeMap(RANGES, new int[] {1, 2}, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_PORT);
        batch.addRangeMap(RANGES_AT, new int[] {1, length, 2}, NftBatch.TYPE_PROTOCOL, address, NftBatch.TYPE_PORT);
        batch.addSet(HAIRPIN, 8 + 2 * length, address, address, NftBatch.TYPE_PROTOCOL, NftBatch.TYPE_PORT);
        batch.addChain(PUBLISHED);
        batch.addBaseChain("prerouting", "nat", PREROUTING, PRIORITY_DNAT, true);
        batch.addBaseChain("output", "nat", OUTPUT, PRIORITY_DNAT, true);
        batch.addBaseChain("postrouting", "nat", POSTROUTING, PRIORITY_SNAT, true);
        batch.addBaseChain("forward", "filter", FORWARD, PRIORITY_FILTER, forwardOthers);
        batch.addElements(BRIDGES, names(bridges.stream()));
        // what comes from a container of an internal network is translated and then dropped: it is not to find a way
        // out through the proxy
        batch.addElements(PROXIED, names(bridges.stream().filter(bridge -> !bridge.internal())));
        add(batch, of(publications, family));
        addTranslation(batch, bridges, family);
        addForwarding(batch, bridges);
    }

    private static List<Element> names(Stream<BridgeRules> bridges) {
        return bridges.map(bridge -> Element.of(NftRule.interfaceName(bridge.bridge())))
                .toList();
    }

    private void addTranslation(NftBatch batch, Collection<BridgeRules> bridges, boolean family) {
        if (userlandProxy) {
            batch.addRule(PUBLISHED).inputIn(PROXIED, true).skip();
        }
        batch.addRule(PUBLISHED).translateByDestination(PORTS_AT);
        batch.addRule(PUBLISHED).translateAddressByDestination(RANGES_AT);
        batch.addRule(PUBLISHED).translateByPort(PORTS);
        batch.addRule(PUBLISHED).translateAddressByPort(RANGES);
        batch.addRule("prerouting").destinationLocal().jump(PUBLISHED);
        var output = batch.addRule("output");
        if (userlandProxy) {
            var loopback = family ? LOOPBACK6 : new byte[] {127, 0, 0, 0};
            output.destinationOutside(loopback, family ? 128 : 8);
        }
        output.destinationLocal().jump(PUBLISHED);
        for (var bridge : bridges) {
            var subnet = bridge.subnet();
            var subnet6 = bridge.ipv6();
            if (bridge.masquerade() && !bridge.internal()) {
                var rule = batch.addRule("postrouting");
                if (family && subnet6 != null) {
                    rule.sourceIn(subnet6.network().bytes(), subnet6.prefix());
                } else if (!family && subnet != null) {
                    rule.sourceIn(Ipv4Subnet.bytes(subnet.network().address()), subnet.prefix());
                }
                rule.outputIs(bridge.bridge(), false).masquerade();
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
        elements(added, true).forEach((map, elements) -> batch.addElements(map, elements));
        if (!userlandProxy) {
            batch.addElements(HAIRPIN, hairpinKeys(added));
        }
    }

    /** The elements of published ports, by the maps in which they are. */
    private static Map<String, List<Element>> elements(Collection<Publication> some, boolean withData) {
        var elements = new LinkedHashMap<String, List<Element>>();
        for (var publication : some) {
            var parts = publication.keepsPorts() ? Stream.of(publication) : publication.each();
            parts.forEach(part -> elements.computeIfAbsent(map(part), unused -> new ArrayList<>())
                    .add(element(part, withData)));
        }
        return elements;
    }

    private static String map(Publication p) {
        if (p.keepsPorts()) {
            return p.everywhere() ? RANGES : RANGES_AT;
        }
        return p.everywhere() ? PORTS : PORTS_AT;
    }

    private static Element element(Publication p, boolean withData) {
        return new Element(
                key(p, p.hostPort()),
                p.keepsPorts() ? key(p, p.hostPort() + p.count() - 1) : null,
                withData ? target(p) : null);
    }

    private static byte[] key(Publication p, int port) {
        var host = p.everywhere() ? new byte[0] : p.host().getAddress();
        return ByteBuffer.allocate(8 + host.length)
                .put(0, (byte) p.protocol().number())
                .put(4, host)
                .putShort(4 + host.length, (short) port)
                .array();
    }

    private static byte[] target(Publication p) {
        var address = p.container().getAddress();
        return p.keepsPorts()
                ? address
                : ByteBuffer.allocate(address.length + 4)
                        .put(address)
                        .putShort((short) p.port())
                        .array();
    }

    private static byte[] hairpinKey(Publication p) {
        var address = p.container().getAddress();
        return ByteBuffer.allocate(2 * address.length + 8)
                .put(address)
                .put(address)
                .put(2 * address.length, (byte) p.protocol().number())
                .putShort(2 * address.length + 4, (short) p.port())
                .array();
    }

    private static List<Element> hairpinKeys(Collection<Publication> some) {
        return some.stream()
                .flatMap(Publication::each)
                .map(p -> ByteBuffer.wrap(hairpinKey(p)))
                .distinct()
                .map(key -> Element.of(key.array()))
                .toList();
    }

    @Override
    public void close() {
        netlink.close();
    }
}
