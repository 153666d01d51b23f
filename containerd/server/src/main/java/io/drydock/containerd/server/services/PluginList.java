package io.drydock.containerd.server.services;

import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.spec.containerd.services.introspection.v1.Plugin;
import io.drydock.spec.containerd.types.Platform;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parts of a server, under the names that the original gives to its plugins. A configuration may disable services and
 * snapshotters, and name what containerd shall not start without. Used by one thread.
 */
public final class PluginList {
    private static final String SERVICE = "io.containerd.grpc.v1";
    private static final String SNAPSHOTTER = "io.containerd.snapshotter.v1";

    private final ServerConfig config;
    private final List<Plugin> plugins = new ArrayList<>();
    private final Platform platform = Platform.newBuilder()
            .setOs("linux")
            .setArchitecture(HostPlatform.architecture())
            .build();

    /** Begins with what is always there. */
    public PluginList(ServerConfig config) {
        this.config = config;
        add("io.containerd.content.v1", "content");
        add("io.containerd.metadata.v1", "bolt", "io.containerd.content.v1", SNAPSHOTTER);
        var schedule = config.collection();
        plugins.add(plugin("io.containerd.gc.v1", "scheduler", "io.containerd.metadata.v1")
                .putExports("PauseThreshold", Double.toString(schedule.pauseThreshold()))
                .putExports("DeletionThreshold", Integer.toString(schedule.deletionThreshold()))
                .putExports("MutationThreshold", Integer.toString(schedule.mutationThreshold()))
                .putExports("ScheduleDelay", schedule.delay().toMillis() + "ms")
                .build());
        plugins.add(plugin("io.containerd.differ.v1", "walking", "io.containerd.metadata.v1")
                .addPlatforms(platform)
                .build());
        add("io.containerd.event.v1", "exchange");
        add("io.containerd.lease.v1", "manager", "io.containerd.metadata.v1");
        add("io.containerd.streaming.v1", "manager", "io.containerd.metadata.v1");
        add("io.containerd.transfer.v1", "local", "io.containerd.lease.v1", "io.containerd.metadata.v1");
        plugins.add(plugin("io.containerd.runtime.v2", "task", "io.containerd.metadata.v1", "io.containerd.event.v1")
                .addPlatforms(platform)
                .build());
        if (config.taskMetrics()) {
            add("io.containerd.monitor.task.v1", "cgroups", "io.containerd.event.v1");
        }
    }

    private Plugin.Builder plugin(String type, String id, String... requires) {
        return Plugin.newBuilder().setType(type).setId(id).addAllRequires(List.of(requires));
    }

    private void add(String type, String id, String... requires) {
        plugins.add(plugin(type, id, requires).build());
    }

    /** Adds a gRPC service; false if it is disabled. */
    public boolean addService(String name) {
        if (config.disabledPlugins().contains(SERVICE + "." + name)) {
            return false;
        }
        if (plugins.stream().noneMatch(plugin -> uri(plugin).equals(SERVICE + "." + name))) {
            add(SERVICE, name);
        }
        return true;
    }

    /** @param roots their directories, by name */
    public void addSnapshotters(Map<String, String> roots) {
        roots.forEach((name, root) -> {
            var snapshotter = plugin(SNAPSHOTTER, name).addPlatforms(platform).putExports("root", root);
            if (name.equals("overlayfs")) {
                snapshotter.addCapabilities("rebase");
            }
            plugins.add(snapshotter.build());
        });
    }

    /** Adds a snapshotter that this machine cannot have. */
    public void skipSnapshotter(String name, String why) {
        plugins.add(plugin(SNAPSHOTTER, name)
                .addPlatforms(platform)
                .setInitErr(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.UNKNOWN.value())
                        .setMessage(why + ": skip plugin"))
                .build());
    }

    private static String uri(Plugin plugin) {
        return plugin.getType() + "." + plugin.getId();
    }

    /**
     * All of them.
     *
     * @throws IllegalArgumentException when a required one is missing, or one is disabled that cannot be
     */
    public List<Plugin> checked() {
        addService("introspection");
        var loaded = plugins.stream()
                .filter(plugin -> !plugin.hasInitErr())
                .map(PluginList::uri)
                .toList();
        for (var required : config.requiredPlugins()) {
            if (!loaded.contains(required)) {
                throw new IllegalArgumentException("required plugin " + required + " not included");
            }
        }
        for (var disabled : config.disabledPlugins()) {
            if (loaded.contains(disabled)) {
                throw new IllegalArgumentException("plugin " + disabled + " cannot be disabled");
            }
        }
        return plugins;
    }
}
