package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /info}; memory in bytes. */
@Json
public record SystemInfo(
        @Json.Property("ID") String id,
        @Json.Property("Containers") int containers,
        @Json.Property("ContainersRunning") int containersRunning,
        @Json.Property("ContainersPaused") int containersPaused,
        @Json.Property("ContainersStopped") int containersStopped,
        @Json.Property("Images") int images,
        @Json.Property("Driver") String driver,
        @Json.Property("DriverStatus") List<List<String>> driverStatus,
        @Json.Property("DockerRootDir") String dockerRootDir,
        @Json.Property("Plugins") @Nullable PluginsInfo plugins,
        @Json.Property("MemoryLimit") boolean memoryLimit,
        @Json.Property("SwapLimit") boolean swapLimit,
        @Json.Property("CpuCfsPeriod") boolean cpuCfsPeriod,
        @Json.Property("CpuCfsQuota") boolean cpuCfsQuota,
        @Json.Property("CPUShares") boolean cpuShares,
        @Json.Property("CPUSet") boolean cpuSet,
        @Json.Property("PidsLimit") boolean pidsLimit,
        @Json.Property("IPv4Forwarding") boolean ipv4Forwarding,
        @Json.Property("BridgeNfIptables") @Nullable Boolean bridgeNfIptables,
        @Json.Property("BridgeNfIp6tables") @Nullable Boolean bridgeNfIp6tables,
        @Json.Property("Debug") boolean debug,
        @Json.Property("NFd") int nfd,
        @Json.Property("OomKillDisable") boolean oomKillDisable,
        @Json.Property("NGoroutines") int ngoroutines,
        @Json.Property("SystemTime") String systemTime,
        @Json.Property("LoggingDriver") String loggingDriver,
        @Json.Property("CgroupDriver") String cgroupDriver,
        @Json.Property("CgroupVersion") String cgroupVersion,
        @Json.Property("NEventsListener") int neventsListener,
        @Json.Property("KernelVersion") String kernelVersion,
        @Json.Property("OperatingSystem") String operatingSystem,
        @Json.Property("OSVersion") String osVersion,
        @Json.Property("OSType") String osType,
        @Json.Property("Architecture") String architecture,
        @Json.Property("IndexServerAddress") String indexServerAddress,
        @Json.Property("RegistryConfig") @Nullable RegistryServiceConfig registryConfig,
        @Json.Property("NCPU") int ncpu,
        @Json.Property("MemTotal") long memTotal,
        @Json.Property("GenericResources") @Nullable List<String> genericResources,
        @Json.Property("HttpProxy") String httpProxy,
        @Json.Property("HttpsProxy") String httpsProxy,
        @Json.Property("NoProxy") String noProxy,
        @Json.Property("Name") String name,
        @Json.Property("Labels") List<String> labels,
        @Json.Property("ExperimentalBuild") boolean experimentalBuild,
        @Json.Property("ServerVersion") String serverVersion,
        @Json.Property("Runtimes") Map<String, Runtime> runtimes,
        @Json.Property("DefaultRuntime") String defaultRuntime,
        @Json.Property("Swarm") @Nullable SwarmInfo swarm,
        @Json.Property("LiveRestoreEnabled") boolean liveRestoreEnabled,
        @Json.Property("Isolation") String isolation,
        @Json.Property("InitBinary") String initBinary,
        @Json.Property("ContainerdCommit") @Nullable Commit containerdCommit,
        @Json.Property("RuncCommit") @Nullable Commit runcCommit,
        @Json.Property("InitCommit") @Nullable Commit initCommit,
        @Json.Property("SecurityOptions") List<String> securityOptions,
        @Json.Property("ProductLicense") String productLicense,
        @Json.Property("DefaultAddressPools") List<AddressPool> defaultAddressPools,
        @Json.Property("FirewallBackend") @Nullable FirewallInfo firewallBackend,
        @Json.Property("CDISpecDirs") List<String> cdiSpecDirs,
        @Json.Property("Containerd") @Nullable ContainerdInfo containerd,
        @Json.Property("Warnings") List<String> warnings) {

    /** Absent members become their empty form. */
    public SystemInfo {
        id = id == null ? "" : id;
        driver = driver == null ? "" : driver;
        driverStatus = driverStatus == null ? List.of() : driverStatus;
        dockerRootDir = dockerRootDir == null ? "" : dockerRootDir;
        systemTime = systemTime == null ? "" : systemTime;
        loggingDriver = loggingDriver == null ? "" : loggingDriver;
        cgroupDriver = cgroupDriver == null ? "" : cgroupDriver;
        cgroupVersion = cgroupVersion == null ? "" : cgroupVersion;
        kernelVersion = kernelVersion == null ? "" : kernelVersion;
        operatingSystem = operatingSystem == null ? "" : operatingSystem;
        osVersion = osVersion == null ? "" : osVersion;
        osType = osType == null ? "" : osType;
        architecture = architecture == null ? "" : architecture;
        indexServerAddress = indexServerAddress == null ? "" : indexServerAddress;
        httpProxy = httpProxy == null ? "" : httpProxy;
        httpsProxy = httpsProxy == null ? "" : httpsProxy;
        noProxy = noProxy == null ? "" : noProxy;
        name = name == null ? "" : name;
        labels = labels == null ? List.of() : labels;
        serverVersion = serverVersion == null ? "" : serverVersion;
        runtimes = runtimes == null ? Map.of() : runtimes;
        defaultRuntime = defaultRuntime == null ? "" : defaultRuntime;
        isolation = isolation == null ? "" : isolation;
        initBinary = initBinary == null ? "" : initBinary;
        securityOptions = securityOptions == null ? List.of() : securityOptions;
        productLicense = productLicense == null ? "" : productLicense;
        defaultAddressPools = defaultAddressPools == null ? List.of() : defaultAddressPools;
        cdiSpecDirs = cdiSpecDirs == null ? List.of() : cdiSpecDirs;
        warnings = warnings == null ? List.of() : warnings;
    }
}
