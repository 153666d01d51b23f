package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is special to Linux. Source: OCI runtime-spec 1.3. */
@Json
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        @Nullable Resources resources,
        @Nullable String cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Map<String, NetDevice> netDevices,
        @Nullable Seccomp seccomp,
        @Nullable String rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        @Nullable String mountLabel,
        @Nullable IntelRdt intelRdt,
        @Nullable MemoryPolicy memoryPolicy,
        @Nullable Personality personality,
        Map<String, TimeOffset> timeOffsets) {

    /** Absent texts and collections become empty. */
    public Linux {
        uidMappings = uidMappings == null ? List.of() : Collections.unmodifiableList(uidMappings);
        gidMappings = gidMappings == null ? List.of() : Collections.unmodifiableList(gidMappings);
        sysctl = sysctl == null ? Map.of() : Collections.unmodifiableMap(sysctl);
        namespaces = namespaces == null ? List.of() : Collections.unmodifiableList(namespaces);
        devices = devices == null ? List.of() : Collections.unmodifiableList(devices);
        netDevices = netDevices == null ? Map.of() : Collections.unmodifiableMap(netDevices);
        maskedPaths = maskedPaths == null ? List.of() : Collections.unmodifiableList(maskedPaths);
        readonlyPaths = readonlyPaths == null ? List.of() : Collections.unmodifiableList(readonlyPaths);
        timeOffsets = timeOffsets == null ? Map.of() : Collections.unmodifiableMap(timeOffsets);
    }
}
