package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a container takes from its host ({@code HostConfig} in the API), exactly as on the wire; which defaults
 * apply is the engine's business. Absent texts are "", absent lists and maps empty.
 */
@Json
public record HostConfig(
        @Json.Property("Binds") List<String> binds,
        @Json.Property("ContainerIDFile") String containerIDFile,
        @Json.Property("LogConfig") @Nullable LogConfig logConfig,
        @Json.Property("NetworkMode") String networkMode,
        @Json.Property("PortBindings") Map<String, List<PortBinding>> portBindings,
        @Json.Property("RestartPolicy") @Nullable RestartPolicy restartPolicy,
        @Json.Property("AutoRemove") boolean autoRemove,
        @Json.Property("VolumeDriver") String volumeDriver,
        @Json.Property("VolumesFrom") List<String> volumesFrom,
        @Json.Property("Mounts") List<Mount> mounts,
        @Json.Property("ConsoleSize") List<Integer> consoleSize,
        @Json.Property("Annotations") Map<String, String> annotations,
        @Json.Property("CapAdd") List<String> capAdd,
        @Json.Property("CapDrop") List<String> capDrop,
        @Json.Property("CgroupnsMode") String cgroupnsMode,
        @Json.Property("Dns") List<String> dns,
        @Json.Property("DnsOptions") List<String> dnsOptions,
        @Json.Property("DnsSearch") List<String> dnsSearch,
        @Json.Property("ExtraHosts") List<String> extraHosts,
        @Json.Property("GroupAdd") List<String> groupAdd,
        @Json.Property("IpcMode") String ipcMode,
        @Json.Property("Cgroup") String cgroup,
        @Json.Property("Links") List<String> links,
        @Json.Property("OomScoreAdj") int oomScoreAdj,
        @Json.Property("PidMode") String pidMode,
        @Json.Property("Privileged") boolean privileged,
        @Json.Property("PublishAllPorts") boolean publishAllPorts,
        @Json.Property("ReadonlyRootfs") boolean readonlyRootfs,
        @Json.Property("SecurityOpt") List<String> securityOpt,
        @Json.Property("StorageOpt") Map<String, String> storageOpt,
        @Json.Property("Tmpfs") Map<String, String> tmpfs,
        @Json.Property("UTSMode") String utsMode,
        @Json.Property("UsernsMode") String usernsMode,
        @Json.Property("ShmSize") long shmSize,
        @Json.Property("Sysctls") Map<String, String> sysctls,
        @Json.Property("Runtime") String runtime,
        @Json.Property("Isolation") String isolation,
        @Json.Property("MaskedPaths") @Nullable List<String> maskedPaths,
        @Json.Property("ReadonlyPaths") @Nullable List<String> readonlyPaths,
        @Json.Property("CpuShares") long cpuShares,
        @Json.Property("Memory") long memory,
        @Json.Property("NanoCpus") long nanoCpus,
        @Json.Property("CgroupParent") String cgroupParent,
        @Json.Property("BlkioWeight") int blkioWeight,
        @Json.Property("BlkioWeightDevice") List<WeightDevice> blkioWeightDevice,
        @Json.Property("BlkioDeviceReadBps") List<ThrottleDevice> blkioDeviceReadBps,
        @Json.Property("BlkioDeviceWriteBps") List<ThrottleDevice> blkioDeviceWriteBps,
        @Json.Property("BlkioDeviceReadIOps") List<ThrottleDevice> blkioDeviceReadIOps,
        @Json.Property("BlkioDeviceWriteIOps") List<ThrottleDevice> blkioDeviceWriteIOps,
        @Json.Property("CpuPeriod") long cpuPeriod,
        @Json.Property("CpuQuota") long cpuQuota,
        @Json.Property("CpuRealtimePeriod") long cpuRealtimePeriod,
        @Json.Property("CpuRealtimeRuntime") long cpuRealtimeRuntime,
        @Json.Property("CpusetCpus") String cpusetCpus,
        @Json.Property("CpusetMems") String cpusetMems,
        @Json.Property("Devices") List<DeviceMapping> devices,
        @Json.Property("DeviceCgroupRules") List<String> deviceCgroupRules,
        @Json.Property("DeviceRequests") List<DeviceRequest> deviceRequests,
        @Json.Property("MemoryReservation") long memoryReservation,
        @Json.Property("MemorySwap") long memorySwap,
        @Json.Property("MemorySwappiness") @Nullable Long memorySwappiness,
        @Json.Property("OomKillDisable") @Nullable Boolean oomKillDisable,
        @Json.Property("PidsLimit") @Nullable Long pidsLimit,
        @Json.Property("Ulimits") List<Ulimit> ulimits,
        @Json.Property("CpuCount") long cpuCount,
        @Json.Property("CpuPercent") long cpuPercent,
        @Json.Property("IOMaximumIOps") long ioMaximumIOps,
        @Json.Property("IOMaximumBandwidth") long ioMaximumBandwidth,
        @Json.Property("Init") @Nullable Boolean init) {

    /** Absent members become their empty form. */
    public HostConfig {
        binds = binds == null ? List.of() : binds;
        containerIDFile = containerIDFile == null ? "" : containerIDFile;
        networkMode = networkMode == null ? "" : networkMode;
        portBindings = portBindings == null ? Map.of() : portBindings;
        volumeDriver = volumeDriver == null ? "" : volumeDriver;
        volumesFrom = volumesFrom == null ? List.of() : volumesFrom;
        mounts = mounts == null ? List.of() : mounts;
        consoleSize = consoleSize == null ? List.of() : consoleSize;
        annotations = annotations == null ? Map.of() : annotations;
        capAdd = capAdd == null ? List.of() : capAdd;
        capDrop = capDrop == null ? List.of() : capDrop;
        cgroupnsMode = cgroupnsMode == null ? "" : cgroupnsMode;
        dns = dns == null ? List.of() : dns;
        dnsOptions = dnsOptions == null ? List.of() : dnsOptions;
        dnsSearch = dnsSearch == null ? List.of() : dnsSearch;
        extraHosts = extraHosts == null ? List.of() : extraHosts;
        groupAdd = groupAdd == null ? List.of() : groupAdd;
        ipcMode = ipcMode == null ? "" : ipcMode;
        cgroup = cgroup == null ? "" : cgroup;
        links = links == null ? List.of() : links;
        pidMode = pidMode == null ? "" : pidMode;
        securityOpt = securityOpt == null ? List.of() : securityOpt;
        storageOpt = storageOpt == null ? Map.of() : storageOpt;
        tmpfs = tmpfs == null ? Map.of() : tmpfs;
        utsMode = utsMode == null ? "" : utsMode;
        usernsMode = usernsMode == null ? "" : usernsMode;
        sysctls = sysctls == null ? Map.of() : sysctls;
        runtime = runtime == null ? "" : runtime;
        isolation = isolation == null ? "" : isolation;
        cgroupParent = cgroupParent == null ? "" : cgroupParent;
        blkioWeightDevice = blkioWeightDevice == null ? List.of() : blkioWeightDevice;
        blkioDeviceReadBps = blkioDeviceReadBps == null ? List.of() : blkioDeviceReadBps;
        blkioDeviceWriteBps = blkioDeviceWriteBps == null ? List.of() : blkioDeviceWriteBps;
        blkioDeviceReadIOps = blkioDeviceReadIOps == null ? List.of() : blkioDeviceReadIOps;
        blkioDeviceWriteIOps = blkioDeviceWriteIOps == null ? List.of() : blkioDeviceWriteIOps;
        cpusetCpus = cpusetCpus == null ? "" : cpusetCpus;
        cpusetMems = cpusetMems == null ? "" : cpusetMems;
        devices = devices == null ? List.of() : devices;
        deviceCgroupRules = deviceCgroupRules == null ? List.of() : deviceCgroupRules;
        deviceRequests = deviceRequests == null ? List.of() : deviceRequests;
        ulimits = ulimits == null ? List.of() : ulimits;
    }
}
