package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.ContainerInspect;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A container as {@code inspect} shows it to a client of some version. The records that the engine works with know no
 * difference between absent and empty; the original's answer does, member by member, and clients see it.
 */
final class InspectShape {
    private static final JsonType<ContainerInspect> RECORD = Jsonb.instance().type(ContainerInspect.class);

    private static final List<String> HOST_NULL_IF_EMPTY = List.of(
            "Binds",
            "VolumesFrom",
            "CapAdd",
            "CapDrop",
            "ExtraHosts",
            "GroupAdd",
            "Links",
            "SecurityOpt",
            "DeviceCgroupRules",
            "DeviceRequests");
    private static final List<String> HOST_NULL_IF_ABSENT =
            List.of("MemorySwappiness", "OomKillDisable", "PidsLimit", "MaskedPaths", "ReadonlyPaths");
    private static final Set<String> HOST_LEFT_OUT_IF_EMPTY =
            Set.of("Mounts", "Annotations", "StorageOpt", "Tmpfs", "Sysctls");
    private static final List<String> ENDPOINT_NULL_IF_EMPTY = List.of("IPAMConfig", "Links", "Aliases", "DriverOpts");

    /** What clients before 1.52 find beside the networks. */
    private static final List<String> OF_THE_DEFAULT_BRIDGE = List.of(
            "Bridge",
            "HairpinMode",
            "LinkLocalIPv6Address",
            "LinkLocalIPv6PrefixLen",
            "SecondaryIPAddresses",
            "SecondaryIPv6Addresses",
            "EndpointID",
            "Gateway",
            "GlobalIPv6Address",
            "GlobalIPv6PrefixLen",
            "IPAddress",
            "IPPrefixLen",
            "IPv6Gateway",
            "MacAddress");

    private InspectShape() {}

    /** The answer's body, ended by a newline. */
    static byte[] json(ContainerInspect container, ApiVersion version) {
        var all = JsonShape.members(RECORD.toJson(container));
        all.putIfAbsent("ExecIDs", null);
        state(JsonShape.object(all.get("State")), version);
        host(JsonShape.object(all.get("HostConfig")), version);
        config(JsonShape.object(all.get("Config")));
        network(JsonShape.object(all.get("NetworkSettings")), version);
        return JsonShape.line(all);
    }

    private static void state(Map<String, Object> state, ApiVersion version) {
        if (!version.since(42) && state.get("Error") instanceof String error) {
            state.put("Error", OlderWords.of(error));
        }
    }

    private static void host(Map<String, Object> host, ApiVersion version) {
        nullIfEmpty(host, HOST_NULL_IF_EMPTY);
        HOST_NULL_IF_ABSENT.forEach(name -> host.putIfAbsent(name, null));
        host.keySet().removeIf(name -> HOST_LEFT_OUT_IF_EMPTY.contains(name) && empty(host.get(name)));
        if (host.get("Mounts") instanceof Collection<?> mounts) {
            mounts.forEach(mount -> mount(JsonShape.object(mount)));
        }
        if (number(host.get("MemorySwappiness")) == -1) {
            host.put("MemorySwappiness", null);
        }
        if (number(host.get("PidsLimit")) == 0) {
            host.put("PidsLimit", null);
        }
        if (!version.since(42)) {
            host.put("KernelMemory", 0L);
            host.put("KernelMemoryTCP", 0L);
        }
        if (!version.since(44)) {
            host.remove("Annotations");
        }
    }

    private static void mount(Map<String, Object> mount) {
        mount.values().removeIf(value -> "".equals(value) || Boolean.FALSE.equals(value));
        for (String options : List.of("BindOptions", "VolumeOptions", "TmpfsOptions", "ImageOptions")) {
            JsonShape.object(mount.get(options))
                    .values()
                    .removeIf(value -> empty(value) || "".equals(value) || Boolean.FALSE.equals(value));
        }
    }

    private static void config(Map<String, Object> config) {
        nullIfEmpty(config, List.of("Volumes", "OnBuild", "Entrypoint", "Cmd"));
        if (empty(config.get("ExposedPorts"))) {
            config.remove("ExposedPorts");
        }
    }

    private static void network(Map<String, Object> settings, ApiVersion version) {
        if (version.since(52)) {
            settings.keySet().removeAll(OF_THE_DEFAULT_BRIDGE);
        } else {
            settings.putIfAbsent("SecondaryIPAddresses", null);
            settings.putIfAbsent("SecondaryIPv6Addresses", null);
        }
        var ports = JsonShape.object(settings.get("Ports"));
        nullIfEmpty(ports, List.copyOf(ports.keySet()));
        for (Object value : JsonShape.object(settings.get("Networks")).values()) {
            var endpoint = JsonShape.object(value);
            nullIfEmpty(endpoint, ENDPOINT_NULL_IF_EMPTY);
            if (!version.since(44)) {
                endpoint.remove("DNSNames");
            } else {
                nullIfEmpty(endpoint, List.of("DNSNames"));
            }
            if (!version.since(48)) {
                endpoint.remove("GwPriority");
            }
        }
    }

    private static void nullIfEmpty(Map<String, Object> map, List<String> names) {
        for (String name : names) {
            if (empty(map.get(name))) {
                map.put(name, null);
            }
        }
    }

    private static boolean empty(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> true;
            case Collection<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            default -> false;
        };
    }

    private static long number(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Number number ? number.longValue() : Long.MIN_VALUE;
    }
}
