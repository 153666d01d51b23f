package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.netlink.RouteNetlink;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the networks up that an engine had, and those that every engine has, when it starts. */
final class NetworkRestorer {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkRestorer.class);

    private final NetworkConfig config;
    private final NetworkStore store;
    private final RouteNetlink host;
    private final Plugins plugins;

    NetworkRestorer(NetworkConfig config, NetworkStore store, RouteNetlink host, Plugins plugins) {
        this.config = config;
        this.store = store;
        this.host = host;
        this.plugins = plugins;
    }

    NetworkTable open() throws IOException, NetworkException {
        var table = new NetworkTable();
        var stored = store.networks();
        predefined(table, "host", "host", stored);
        predefined(table, "none", "null", stored);
        for (var network : stored) {
            if (network.userDefined()) {
                table.add(new NetworkTable.Entry(network, bringUp(network)));
            }
        }
        if (!"none".equals(config.bridge().name())) {
            defaultBridge(table, stored);
        }
        return table;
    }

    /** A network that cannot be brought up keeps neither the engine nor other networks from starting. */
    private @Nullable LiveNetwork bringUp(Network network) {
        try {
            return NetworkMaker.open(network, host, config.proxy().enabled(), plugins);
        } catch (IOException | NetworkException e) {
            LOG.error("bring network {} up: {}", network.name(), e.getMessage());
            return null;
        }
    }

    private void defaultBridge(NetworkTable table, List<Network> stored) throws IOException, NetworkException {
        var known = find("bridge", stored);
        var bridge = new DefaultBridge(config, host).open(new SubnetPools(config.addressPools()), table.live(), known);
        if (!bridge.network().equals(known)) {
            store.put(bridge.network());
        }
        table.add(new NetworkTable.Entry(bridge.network(), bridge));
    }

    private void predefined(NetworkTable table, String name, String driver, List<Network> stored) {
        var network = find(name, stored);
        if (network == null) {
            network = new Network(
                    HexIds.id(),
                    name,
                    driver,
                    Instant.now().toString(),
                    List.of(),
                    false,
                    false,
                    false,
                    false,
                    false,
                    Map.of(),
                    null,
                    Map.of(),
                    Map.of());
            store.put(network);
        }
        table.add(new NetworkTable.Entry(network, null));
    }

    private static @Nullable Network find(String name, List<Network> stored) {
        return stored.stream()
                .filter(network -> network.name().equals(name))
                .findAny()
                .orElse(null);
    }
}
