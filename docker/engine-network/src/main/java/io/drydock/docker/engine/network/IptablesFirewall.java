package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.NftBatch;
import io.drydock.linux.Linux;
import io.drydock.linux.netlink.NetlinkMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The rules as Docker lays them out in iptables, for hosts whose administrators put theirs into {@code DOCKER-USER} or look for
 * these chains. Every change is one call of iptables-restore, which replaces the engine's own chains and leaves all others;
 * ip6tables-restore has a part in it if there are networks with IPv6.
 */
final class IptablesFirewall extends RememberingFirewall {
    private static final int REMEMBERED_PROCESSES = 32;

    private final boolean ipv6;
    private final IptablesProgram programs;
    private final List<LegacyTables> legacy;
    /** What was seen of the tables of the older kind when all was as it is to be. */
    private List<ByteBuffer> seen = List.of();
    /** Whether somebody looked since the last change of ours, which somebody else's may have followed at once. */
    private boolean checked;

    private final IptablesChains chains;
    private final IptablesChains chains6;
    private boolean hasIpv6Chains;

    private final Deque<Long> processes = new ArrayDeque<>();

    /**
     * Nothing is changed before the first {@link #rebuild}.
     *
     * @param programs runs iptables; this object closes it
     */
    IptablesFirewall(Linux linux, IptablesProgram programs, boolean userlandProxy, boolean forwardOthers, boolean ipv6)
            throws IOException {
        this.ipv6 = ipv6;
        this.programs = programs;
        this.chains = new IptablesChains(false, userlandProxy, forwardOthers, programs, this::remember);
        this.chains6 = new IptablesChains(true, userlandProxy, forwardOthers, programs, this::remember);
        this.legacy = isLegacy() ? legacy(linux) : List.of();
    }

    /** Since version 1.8 it says which kind it is; before there was only the older one. */
    private boolean isLegacy() throws IOException {
        return !programs.run("", this::remember, "iptables", "--version").contains("nf_tables");
    }

    private static List<LegacyTables> legacy(Linux linux) throws IOException {
        var tables = new LegacyTables(linux, false);
        return Files.exists(Path.of("/proc/net/if_inet6"))
                ? List.of(tables, new LegacyTables(linux, true))
                : List.of(tables);
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
    public boolean isNotified() {
        return legacy.isEmpty();
    }

    @Override
    public synchronized boolean isChanged() throws IOException {
        if (legacy.isEmpty()) {
            return false;
        }
        var now = look();
        if (checked) {
            return !now.equals(seen);
        }
        seen = now;
        checked = chains.isIntact(ipv4Bridges(), of(publications, false))
                && (!hasIpv6Chains || chains6.isIntact(ipv6Bridges(), of(publications, true)));
        return !checked;
    }

    private List<ByteBuffer> look() throws IOException {
        var all = new ArrayList<ByteBuffer>();
        for (var tables : legacy) {
            all.add(tables.look());
        }
        return all;
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

    @Override
    void bridgesChanged() throws IOException {
        chains.apply(ipv4Bridges(), of(publications, false));
        if (!hasIpv6Chains && hasIpv6()) {
            rebuildIpv6();
        } else if (hasIpv6Chains) {
            chains6.apply(ipv6Bridges(), of(publications, true));
        }
        checked = false;
    }

    @Override
    public synchronized void publish(Collection<Publication> added) throws IOException {
        if (added.isEmpty()) {
            return;
        }
        publications.addAll(added);
        try {
            apply(added);
        } catch (IOException e) {
            added.forEach(publications::remove);
            throw e;
        }
    }

    @Override
    public synchronized void withdraw(Collection<Publication> removed) throws IOException {
        if (publications.removeAll(Set.copyOf(removed))) {
            apply(removed);
        }
    }

    /** Where these are concerned. */
    private void apply(Collection<Publication> changed) throws IOException {
        if (changed.stream().anyMatch(p -> !p.isIpv6())) {
            chains.apply(ipv4Bridges(), of(publications, false));
        }
        if (hasIpv6Chains && changed.stream().anyMatch(Publication::isIpv6)) {
            chains6.apply(ipv6Bridges(), of(publications, true));
        }
        checked = false;
    }

    @Override
    public synchronized void rebuild() throws IOException {
        chains.rebuild(ipv4Bridges(), of(publications, false));
        if (hasIpv6Chains || hasIpv6()) {
            rebuildIpv6();
        }
        checked = false;
    }

    private void rebuildIpv6() throws IOException {
        chains6.rebuild(ipv6Bridges(), of(publications, true));
        hasIpv6Chains = true;
    }

    private boolean hasIpv6() {
        return ipv6 && !ipv6Bridges().isEmpty();
    }

    @Override
    public void close() {
        programs.close(); // the rules stay
        legacy.forEach(LegacyTables::close);
    }
}
