package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.linux.netlink.NetlinkMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules as Docker lays them out in iptables, for hosts whose administrators put theirs into {@code DOCKER-USER} or look for
 * these chains. Every change is one call of iptables-restore, which replaces the engine's own chains and leaves all others.
 *
 * <pre>
 *   filter FORWARD ─▶ DOCKER-USER (never touched) ─▶ DOCKER-FORWARD
 *     DOCKER-FORWARD ─▶ DOCKER-CT        into a bridge: replies
 *                    ─▶ DOCKER-INTERNAL  into and out of internal networks: dropped
 *                    ─▶ DOCKER-ISOLATION-STAGE-1, -2  from one bridge to another: dropped
 *                    ─▶ DOCKER-BRIDGE ─▶ DOCKER   into a bridge: published ports, else dropped
 *                    out of a bridge: accepted
 *   nat PREROUTING, OUTPUT ─▶ DOCKER     published ports;  POSTROUTING: masquerading
 * </pre>
 */
final class IptablesFirewall extends RememberingFirewall {
    private static final int REMEMBERED_PROCESSES = 32;
    private static final String STAGE_1 = "DOCKER-ISOLATION-STAGE-1";
    private static final String STAGE_2 = "DOCKER-ISOLATION-STAGE-2";
    private static final List<String> FILTER_CHAINS =
            List.of("DOCKER", "DOCKER-BRIDGE", "DOCKER-CT", "DOCKER-FORWARD", "DOCKER-INTERNAL", STAGE_1, STAGE_2);

    private final boolean userlandProxy;
    private final boolean forwardOthers;
    /** The rules in the kernel's own chain of POSTROUTING that are ours. */
    private final Set<String> masquerading = new LinkedHashSet<>();

    private final Deque<Long> processes = new ArrayDeque<>();

    /** Nothing is changed before the first {@link #rebuild}. */
    IptablesFirewall(boolean userlandProxy, boolean forwardOthers) {
        this.userlandProxy = userlandProxy;
        this.forwardOthers = forwardOthers;
    }

    @Override
    public String name() {
        return "iptables";
    }

    /** iptables over nftables has tables of these names; the older kind tells nobody. */
    @Override
    public boolean isDisturbedBy(NetlinkMessage message) {
        if (!NftBatch.concerns(message, "filter") && !NftBatch.concerns(message, "nat")) {
            return false;
        }
        synchronized (processes) {
            return !processes.contains((long) message.port());
        }
    }

    @Override
    void bridgesChanged() throws IOException {
        apply();
    }

    @Override
    public synchronized void publish(Collection<Publication> added) throws IOException {
        if (added.isEmpty()) {
            return;
        }
        publications.addAll(added);
        try {
            apply();
        } catch (IOException e) {
            added.forEach(publications::remove);
            throw e;
        }
    }

    @Override
    public synchronized void withdraw(Collection<Publication> removed) throws IOException {
        if (publications.removeAll(Set.copyOf(removed))) {
            apply();
        }
    }

    @Override
    public synchronized void rebuild() throws IOException {
        var saved = IptablesProgram.run("", this::remember, "iptables-save");
        var present = new LinkedHashSet<>(saved.lines().toList());
        masquerading.clear();
        wantedMasquerading().stream()
                .filter(rule -> present.contains("-A POSTROUTING " + rule))
                .forEach(masquerading::add);
        var script = new StringBuilder("*filter\n");
        if (!forwardOthers) {
            script.append(":FORWARD DROP [0:0]\n");
        }
        if (!saved.contains(":DOCKER-USER ")) {
            script.append(":DOCKER-USER - [0:0]\n");
        }
        filter(script);
        // taken out and put first again, because somebody may have put rules before them
        for (var chain : List.of("DOCKER-FORWARD", "DOCKER-USER")) {
            if (present.contains("-A FORWARD -j " + chain)) {
                script.append("-D FORWARD -j ").append(chain).append('\n');
            }
            script.append("-I FORWARD -j ").append(chain).append('\n');
        }
        script.append("COMMIT\n*nat\n");
        nat(script);
        for (var hook : hooks()) {
            if (!present.contains("-A " + hook)) {
                script.append("-A ").append(hook).append('\n');
            }
        }
        restore(script.append("COMMIT\n"));
    }

    /** Which packets may have been sent to a published port. */
    private List<String> hooks() {
        var elsewhere = userlandProxy ? "! -d 127.0.0.0/8 " : "";
        return List.of(
                "PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
                "OUTPUT " + elsewhere + "-m addrtype --dst-type LOCAL -j DOCKER");
    }

    private void apply() throws IOException {
        var script = new StringBuilder("*filter\n");
        filter(script);
        script.append("COMMIT\n*nat\n");
        nat(script);
        restore(script.append("COMMIT\n"));
    }

    private void restore(StringBuilder script) throws IOException {
        IptablesProgram.run(script.toString(), this::remember, "iptables-restore", "--noflush", "--wait", "30");
        masquerading.clear();
        masquerading.addAll(wantedMasquerading());
    }

    /** The kernel names the process of a change, so that our own ones are known. */
    private void remember(long pid) {
        synchronized (processes) {
            processes.addLast(pid);
            if (processes.size() > REMEMBERED_PROCESSES) {
                processes.removeFirst();
            }
        }
    }

    private void filter(StringBuilder script) {
        FILTER_CHAINS.forEach(chain -> script.append(':').append(chain).append(" - [0:0]\n"));
        for (var port : publications) {
            var bridge = bridgeOf(port.address());
            if (bridge != null) {
                // only what was translated: a neighbour that routes to the container's own address is not let in
                script.append("-A DOCKER -d %1$s/32 ! -i %2$s -o %2$s -p %3$s -m %3$s --dport %4$d"
                        .concat(" -m conntrack --ctstate DNAT -j ACCEPT\n")
                        .formatted(Ipv4Subnet.format(port.address()), bridge.bridge(), port.protocol(), port.port()));
            }
        }
        rule(script, "DOCKER-FORWARD", "-j DOCKER-CT");
        rule(script, "DOCKER-FORWARD", "-j DOCKER-INTERNAL");
        rule(script, "DOCKER-FORWARD", "-j " + STAGE_1);
        rule(script, "DOCKER-FORWARD", "-j DOCKER-BRIDGE");
        for (var bridge : bridges.values()) {
            var name = bridge.bridge();
            rule(script, "DOCKER", "! -i " + name + " -o " + name + " -j DROP");
            rule(script, "DOCKER-BRIDGE", "-o " + name + " -j DOCKER");
            rule(script, "DOCKER-CT", "-o " + name + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
            if (bridge.internal()) {
                rule(script, "DOCKER-INTERNAL", "! -s " + bridge.subnet().network() + " -o " + name + " -j DROP");
                rule(script, "DOCKER-INTERNAL", "! -d " + bridge.subnet().network() + " -i " + name + " -j DROP");
            }
            if (!bridge.icc()) {
                rule(script, "DOCKER-FORWARD", "-i " + name + " -o " + name + " -j DROP");
            }
            rule(script, "DOCKER-FORWARD", "-i " + name + " -j ACCEPT");
            rule(script, STAGE_1, "-i " + name + " ! -o " + name + " -j " + STAGE_2);
            rule(script, STAGE_2, "-o " + name + " -j DROP");
        }
    }

    private static void rule(StringBuilder script, String chain, String rule) {
        script.append("-A ").append(chain).append(' ').append(rule).append('\n');
    }

    private void nat(StringBuilder script) {
        script.append(":DOCKER - [0:0]\n");
        for (var bridge : bridges.values()) {
            if (userlandProxy && !bridge.internal()) {
                rule(script, "DOCKER", "-i " + bridge.bridge() + " -j RETURN");
            }
        }
        for (var port : publications) {
            var host = port.hostAddress() == 0 ? "" : "-d " + Ipv4Subnet.format(port.hostAddress()) + "/32 ";
            rule(
                    script,
                    "DOCKER",
                    host
                            + "-p %1$s -m %1$s --dport %2$d -j DNAT --to-destination %3$s:%4$d"
                                    .formatted(
                                            port.protocol(),
                                            port.hostPort(),
                                            Ipv4Subnet.format(port.address()),
                                            port.port()));
        }
        var wanted = wantedMasquerading();
        masquerading.stream()
                .filter(rule -> !wanted.contains(rule))
                .forEach(rule -> script.append("-D POSTROUTING ").append(rule).append('\n'));
        wanted.stream().filter(rule -> !masquerading.contains(rule)).forEach(rule -> rule(script, "POSTROUTING", rule));
    }

    private Set<String> wantedMasquerading() {
        var rules = new LinkedHashSet<String>();
        for (var bridge : bridges.values()) {
            if (!userlandProxy) {
                rules.add("-o " + bridge.bridge() + " -m addrtype --src-type LOCAL -j MASQUERADE");
            }
            if (bridge.masquerade() && !bridge.internal()) {
                rules.add("-s " + bridge.subnet().network() + " ! -o " + bridge.bridge() + " -j MASQUERADE");
            }
        }
        for (var port : userlandProxy ? List.<Publication>of() : publications) {
            rules.add("-s %1$s/32 -d %1$s/32 -p %2$s -m %2$s --dport %3$d -j MASQUERADE"
                    .formatted(Ipv4Subnet.format(port.address()), port.protocol(), port.port()));
        }
        return rules;
    }

    private @org.jspecify.annotations.Nullable BridgeRules bridgeOf(int address) {
        return bridges.values().stream()
                .filter(bridge -> bridge.subnet().contains(address))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        // the rules stay
    }
}
