package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.SystemInfo;
import java.util.List;
import java.util.Map;

/** The system's state as {@code info} shows it to a client of some version: without what came later, with what was then. */
final class InfoShape {
    private static final JsonType<SystemInfo> RECORD = Jsonb.instance().type(SystemInfo.class);

    private InfoShape() {}

    static Map<String, Object> of(SystemInfo info, ApiVersion version) {
        var all = JsonShape.members(RECORD.toJson(info));
        if (!version.since(46)) {
            all.remove("Containerd");
        }
        if (!version.since(47)) {
            var registries = JsonShape.object(all.get("RegistryConfig"));
            registries.put("AllowNondistributableArtifactsCIDRs", null);
            registries.put("AllowNondistributableArtifactsHostnames", null);
        }
        if (!version.since(49)) {
            all.remove("FirewallBackend");
            for (String program : List.of("ContainerdCommit", "RuncCommit", "InitCommit")) {
                var commit = JsonShape.object(all.get(program));
                commit.put("Expected", commit.get("ID"));
            }
        }
        if (!version.since(50)) {
            all.put("BridgeNfIptables", false);
            all.put("BridgeNfIp6tables", false);
        }
        return all;
    }
}
