package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.Firewall.BridgeRules;
import io.drydock.docker.engine.network.Firewall.Publication;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine's chains in the tables of iptables, or of ip6tables:
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
 *
 * Not for several threads.
 */
final class IptablesChains {
    private static final String STAGE_1 = "DOCKER-ISOLATION-STAGE-1";
    private static final String STAGE_2 = "DOCKER-ISOLATION-STAGE-2";
    private static final List<String> FILTER_CHAINS =
            List.of("DOCKER", "DOCKER-BRIDGE", "DOCKER-CT", "DOCKER-FORWARD", "DOCKER-INTERNAL", STAGE_1, STAGE_2);

    private final boolean ipv6;
    private final boolean userlandProxy;
    private final boolean forwardOthers;
    private final IptablesProgram programs;
    private final LongConsumer started;
    /** The rules in the kernel's own chain of POSTROUTING that are ours. */
    private final Set<String> masquerading = new LinkedHashSet<>();

    /**
     * Chains that are not yet there.
     *
     * @param ipv6 whether those of ip6tables
     * @param programs runs these
     * @param started is told the process id of each program that is started
     */
    IptablesChains(
            boolean ipv6,
            boolean userlandProxy,
            boolean forwardOthers,
            IptablesProgram programs,
            LongConsumer started) {
        this.ipv6 = ipv6;
        this.userlandProxy = userlandProxy;
        this.forwardOthers = forwardOthers;
        this.programs = programs;
        this.started = started;
    }

    private String program(String action) {
        return (ipv6 ? "ip6tables" : "iptables") + action;
    }

    /** Looks at what there is, and makes it what it is to be. */
    void rebuild(Collection<BridgeRules> bridges, Collection<Publication> publications) throws IOException {
        var saved = programs.run("", started, program("-save"));
        var present = new LinkedHashSet<>(saved.lines().toList());
        masquerading.clear();
        wantedMasquerading(bridges, publications).stream()
                .filter(rule -> present.contains("-A POSTROUTING " + rule))
                .forEach(masquerading::add);
        var script = new StringBuilder("*filter\n");
        if (!forwardOthers) {
            script.append(":FORWARD DROP [0:0]\n");
        }
        if (!saved.contains(":DOCKER-USER ")) {
            script.append(":DOCKER-USER - [0:0]\n");
        }
        filter(script, bridges, publications);
        // taken out and put first again, because somebody may have put rules before them
        for (var chain : List.of("DOCKER-FORWARD", "DOCKER-USER")) {
            if (present.contains("-A FORWARD -j " + chain)) {
                script.append("-D FORWARD -j ").append(chain).append('\n');
            }
            script.append("-I FORWARD -j ").append(chain).append('\n');
        }
        script.append("COMMIT\n*nat\n");
        nat(script, bridges, publications);
        for (var hook : hooks()) {
            if (!present.contains("-A " + hook)) {
                script.append("-A ").append(hook).append('\n');
            }
        }
        restore(script.append("COMMIT\n"), bridges, publications);
    }

    /** Whether all that is wanted is there: each chain of the engine's has as many rules, and they are passed. */
    boolean isIntact(Collection<BridgeRules> bridges, Collection<Publication> publications) throws IOException {
        var present = programs.run("", started, program("-save")).lines().toList();
        var script = new StringBuilder();
        filter(script, bridges, publications);
        nat(script, bridges, publications);
        var wanted = rulesByChain(script.toString().lines());
        var there = rulesByChain(present.stream());
        return wanted.entrySet().stream().allMatch(chain -> chain.getValue().equals(there.get(chain.getKey())))
                && present.containsAll(List.of("-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"))
                && Stream.concat(hooks().stream(), masquerading.stream().map(rule -> "POSTROUTING " + rule))
                        .allMatch(rule -> present.contains("-A " + rule));
    }

    /** How many rules the chains have, by {@code -A} and the chain's name. */
    private static Map<String, Long> rulesByChain(Stream<String> script) {
        return script.filter(line -> line.startsWith("-A "))
                .collect(Collectors.groupingBy(line -> line.substring(0, line.indexOf(' ', 3)), Collectors.counting()));
    }

    /** Which packets may have been sent to a published port. */
    private List<String> hooks() {
        var loopback = ipv6 ? "::1/128" : "127.0.0.0/8";
        var elsewhere = userlandProxy ? "! -d " + loopback + " " : "";
        return List.of(
                "PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
                "OUTPUT " + elsewhere + "-m addrtype --dst-type LOCAL -j DOCKER");
    }

    /** Makes it what it is to be, if nobody else has changed it. */
    void apply(Collection<BridgeRules> bridges, Collection<Publication> publications) throws IOException {
        var script = new StringBuilder("*filter\n");
        filter(script, bridges, publications);
        script.append("COMMIT\n*nat\n");
        nat(script, bridges, publications);
        restore(script.append("COMMIT\n"), bridges, publications);
    }

    private void restore(StringBuilder script, Collection<BridgeRules> bridges, Collection<Publication> publications)
            throws IOException {
        programs.run(script.toString(), started, program("-restore"), "--noflush", "--wait", "30");
        masquerading.clear();
        masquerading.addAll(wantedMasquerading(bridges, publications));
    }

    private void filter(StringBuilder script, Collection<BridgeRules> bridges, Collection<Publication> publications) {
        FILTER_CHAINS.forEach(chain -> script.append(':').append(chain).append(" - [0:0]\n"));
        for (var port : publications) {
            var bridge = bridgeOf(port.container(), bridges);
            if (bridge != null) {
                // only what was translated: a neighbour that routes to the container's own address is not let in
                script.append("-A DOCKER -d %1$s ! -i %2$s -o %2$s -p %3$s -m %3$s --dport %4$s"
                        .concat(" -m conntrack --ctstate DNAT -j ACCEPT\n")
                        .formatted(
                                single(port.container()),
                                bridge.bridge(),
                                port.protocol(),
                                ports(port.port(), port.count(), ":")));
            }
        }
        rule(script, "DOCKER-FORWARD", "-j DOCKER-CT");
        rule(script, "DOCKER-FORWARD", "-j DOCKER-INTERNAL");
        rule(script, "DOCKER-FORWARD", "-j " + STAGE_1);
        rule(script, "DOCKER-FORWARD", "-j DOCKER-BRIDGE");
        for (var bridge : bridges) {
            var name = bridge.bridge();
            rule(script, "DOCKER", "! -i " + name + " -o " + name + " -j DROP");
            rule(script, "DOCKER-BRIDGE", "-o " + name + " -j DOCKER");
            rule(script, "DOCKER-CT", "-o " + name + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
            if (bridge.internal()) {
                rule(script, "DOCKER-INTERNAL", "! -s " + subnet(bridge) + " -o " + name + " -j DROP");
                rule(script, "DOCKER-INTERNAL", "! -d " + subnet(bridge) + " -i " + name + " -j DROP");
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

    private void nat(StringBuilder script, Collection<BridgeRules> bridges, Collection<Publication> publications) {
        script.append(":DOCKER - [0:0]\n");
        for (var bridge : bridges) {
            if (userlandProxy && !bridge.internal()) {
                rule(script, "DOCKER", "-i " + bridge.bridge() + " -j RETURN");
            }
        }
        for (var port : publications) {
            var host = port.everywhere() ? "" : "-d " + single(port.host()) + " ";
            var target = ipv6 ? "[" + Ipv6Subnet.text(port.container()) + "]" : Ipv6Subnet.text(port.container());
            rule(
                    script,
                    "DOCKER",
                    host
                            + "-p %1$s -m %1$s --dport %2$s -j DNAT --to-destination %3$s"
                                    .formatted(
                                            port.protocol(),
                                            ports(port.hostPort(), port.count(), ":"),
                                            target + targetPorts(port)));
        }
        var wanted = wantedMasquerading(bridges, publications);
        masquerading.stream()
                .filter(rule -> !wanted.contains(rule))
                .forEach(rule -> script.append("-D POSTROUTING ").append(rule).append('\n'));
        wanted.stream().filter(rule -> !masquerading.contains(rule)).forEach(rule -> rule(script, "POSTROUTING", rule));
    }

    private Set<String> wantedMasquerading(Collection<BridgeRules> bridges, Collection<Publication> publications) {
        var rules = new LinkedHashSet<String>();
        for (var bridge : bridges) {
            if (!userlandProxy) {
                rules.add("-o " + bridge.bridge() + " -m addrtype --src-type LOCAL -j MASQUERADE");
            }
            if (bridge.masquerade() && !bridge.internal()) {
                rules.add("-s " + subnet(bridge) + " ! -o " + bridge.bridge() + " -j MASQUERADE");
            }
        }
        for (var port : userlandProxy ? List.<Publication>of() : publications) {
            rules.add("-s %1$s -d %1$s -p %2$s -m %2$s --dport %3$s -j MASQUERADE"
                    .formatted(single(port.container()), port.protocol(), ports(port.port(), port.count(), ":")));
        }
        return rules;
    }

    /** A port, or the first and the last of a range. */
    private static String ports(int first, int count, String to) {
        return count == 1 ? Integer.toString(first) : first + to + (first + count - 1);
    }

    /** What follows the address that is translated to: for a range with other numbers also the one at which it begins. */
    private static String targetPorts(Publication port) {
        if (port.keepsPorts()) {
            return "";
        }
        var base = port.count() == 1 ? "" : "/" + port.hostPort();
        return ":" + ports(port.port(), port.count(), "-") + base;
    }

    private Object subnet(BridgeRules bridge) {
        return ipv6
                ? Objects.requireNonNull(bridge.ipv6()).network()
                : Objects.requireNonNull(bridge.subnet()).network();
    }

    private static @Nullable BridgeRules bridgeOf(InetAddress container, Collection<BridgeRules> bridges) {
        var ipv4 = Ipv4Subnet.parseAddress(Ipv6Subnet.text(container));
        var ipv6 = Ipv6Subnet.parseAddress(Ipv6Subnet.text(container));
        for (var bridge : bridges) {
            var subnet = bridge.subnet();
            var subnet6 = bridge.ipv6();
            if (ipv4 != null && subnet != null && subnet.contains(ipv4)
                    || ipv6 != null && subnet6 != null && subnet6.contains(ipv6)) {
                return bridge;
            }
        }
        return null;
    }

    private String single(InetAddress address) {
        return Ipv6Subnet.text(address) + (ipv6 ? "/128" : "/32");
    }
}
