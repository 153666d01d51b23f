package io.drydock.docker.dockerd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The flags of the original's dockerd. Those without a {@link #refusal} have their effect here; the others are known, so that
 * their refusal can say what is missing.
 */
enum DaemonFlag {
    ADD_RUNTIME("add-runtime", "", Kind.LIST, "runtimes", ""),
    ALLOW_DIRECT_ROUTING("allow-direct-routing", "", Kind.BOOL, "", "direct routing"),
    AUTHORIZATION_PLUGIN("authorization-plugin", "", Kind.LIST, "authorization-plugins", ""),
    BIP("bip", "", Kind.TEXT, "", ""),
    BIP6("bip6", "", Kind.TEXT, "", ""),
    BRIDGE("bridge", "b", Kind.TEXT, "", ""),
    BRIDGE_ACCEPT_FWMARK("bridge-accept-fwmark", "", Kind.TEXT, "", "firewall marks"),
    CDI_SPEC_DIR("cdi-spec-dir", "", Kind.LIST, "cdi-spec-dirs", "CDI devices"),
    CGROUP_PARENT("cgroup-parent", "", Kind.TEXT, "", ""),
    CONFIG_FILE("config-file", "", Kind.TEXT, "", ""),
    CONTAINERD("containerd", "", Kind.TEXT, "", ""),
    CONTAINERD_NAMESPACE("containerd-namespace", "", Kind.TEXT, "", ""),
    CONTAINERD_PLUGINS_NAMESPACE(
            "containerd-plugins-namespace", "", Kind.TEXT, "containerd-plugin-namespace", "plugins"),
    CPU_RT_PERIOD("cpu-rt-period", "", Kind.TEXT, "", "real-time limits"),
    CPU_RT_RUNTIME("cpu-rt-runtime", "", Kind.TEXT, "", "real-time limits"),
    CRI_CONTAINERD("cri-containerd", "", Kind.BOOL, "", "the CRI service"),
    DATA_ROOT("data-root", "", Kind.TEXT, "", ""),
    DEBUG("debug", "D", Kind.BOOL, "", ""),
    DEFAULT_ADDRESS_POOL("default-address-pool", "", Kind.LIST, "default-address-pools", ""),
    DEFAULT_CGROUPNS_MODE("default-cgroupns-mode", "", Kind.TEXT, "", ""),
    DEFAULT_GATEWAY("default-gateway", "", Kind.TEXT, "", ""),
    DEFAULT_GATEWAY_V6("default-gateway-v6", "", Kind.TEXT, "", ""),
    DEFAULT_IPC_MODE("default-ipc-mode", "", Kind.TEXT, "", ""),
    DEFAULT_NETWORK_OPT("default-network-opt", "", Kind.LIST, "default-network-opts", "default network options"),
    DEFAULT_RUNTIME("default-runtime", "", Kind.TEXT, "", ""),
    DEFAULT_SHM_SIZE("default-shm-size", "", Kind.TEXT, "", ""),
    DEFAULT_STOP_TIMEOUT("default-stop-timeout", "", Kind.TEXT, "", ""),
    DEFAULT_ULIMIT("default-ulimit", "", Kind.LIST, "default-ulimits", ""),
    DNS("dns", "", Kind.LIST, "", ""),
    DNS_OPT("dns-opt", "", Kind.LIST, "dns-opts", ""),
    DNS_SEARCH("dns-search", "", Kind.LIST, "", ""),
    EXEC_OPT("exec-opt", "", Kind.LIST, "exec-opts", ""),
    EXEC_ROOT("exec-root", "", Kind.TEXT, "", ""),
    EXPERIMENTAL("experimental", "", Kind.BOOL, "", "experimental features"),
    FEATURE("feature", "", Kind.LIST, "features", ""),
    FIREWALL_BACKEND("firewall-backend", "", Kind.TEXT, "", ""),
    FIXED_CIDR("fixed-cidr", "", Kind.TEXT, "", ""),
    FIXED_CIDR_V6("fixed-cidr-v6", "", Kind.TEXT, "", ""),
    GROUP("group", "G", Kind.TEXT, "", ""),
    HELP("help", "h", Kind.BOOL, "", ""),
    HOST("host", "H", Kind.LIST, "hosts", ""),
    HOST_GATEWAY_IP("host-gateway-ip", "", Kind.LIST, "host-gateway-ips", "another host gateway address"),
    HTTP_PROXY("http-proxy", "", Kind.TEXT, "", ""),
    HTTPS_PROXY("https-proxy", "", Kind.TEXT, "", ""),
    ICC("icc", "", Kind.BOOL, "", ""),
    INIT("init", "", Kind.BOOL, "default-init", ""),
    INIT_PATH("init-path", "", Kind.TEXT, "", ""),
    INSECURE_REGISTRY("insecure-registry", "", Kind.LIST, "insecure-registries", ""),
    IP("ip", "", Kind.TEXT, "", ""),
    IP_FORWARD("ip-forward", "", Kind.BOOL, "", ""),
    IP_FORWARD_NO_DROP("ip-forward-no-drop", "", Kind.BOOL, "", "keeping the FORWARD policy"),
    IP_MASQ("ip-masq", "", Kind.BOOL, "", ""),
    IP6TABLES("ip6tables", "", Kind.BOOL, "", ""),
    IPTABLES("iptables", "", Kind.BOOL, "", ""),
    IPV6("ipv6", "", Kind.BOOL, "", ""),
    LABEL("label", "", Kind.LIST, "labels", ""),
    LIVE_RESTORE("live-restore", "", Kind.BOOL, "", ""),
    LOG_DRIVER("log-driver", "", Kind.TEXT, "", ""),
    LOG_FORMAT("log-format", "", Kind.TEXT, "", ""),
    LOG_LEVEL("log-level", "l", Kind.TEXT, "", ""),
    LOG_OPT("log-opt", "", Kind.LIST, "log-opts", ""),
    MAX_CONCURRENT_DOWNLOADS("max-concurrent-downloads", "", Kind.TEXT, "", ""),
    MAX_CONCURRENT_UPLOADS("max-concurrent-uploads", "", Kind.TEXT, "", ""),
    MAX_DOWNLOAD_ATTEMPTS("max-download-attempts", "", Kind.TEXT, "", ""),
    METRICS_ADDR("metrics-addr", "", Kind.TEXT, "", ""),
    MIN_API_VERSION("min-api-version", "", Kind.TEXT, "min-api-version", ""),
    MTU("mtu", "", Kind.TEXT, "", ""),
    NETWORK_CONTROL_PLANE_MTU("network-control-plane-mtu", "", Kind.TEXT, "", "overlay networks"),
    NETWORK_DIAGNOSTIC_PORT("network-diagnostic-port", "", Kind.TEXT, "", "network diagnostics"),
    NO_NEW_PRIVILEGES("no-new-privileges", "", Kind.BOOL, "", ""),
    NO_PROXY("no-proxy", "", Kind.TEXT, "", ""),
    NODE_GENERIC_RESOURCE("node-generic-resource", "", Kind.LIST, "node-generic-resources", "swarm mode"),
    NRI_OPTS("nri-opts", "", Kind.LIST, "", "NRI plugins"),
    PIDFILE("pidfile", "p", Kind.TEXT, "", ""),
    /** Ours: what else than the engine decides about who reaches published ports. */
    PUBLISH_POLICY("publish-policy", "", Kind.TEXT, "", ""),
    RAW_LOGS("raw-logs", "", Kind.BOOL, "", ""),
    REGISTRY_MIRROR("registry-mirror", "", Kind.LIST, "registry-mirrors", ""),
    ROOTLESS("rootless", "", Kind.BOOL, "", "rootless mode"),
    SECCOMP_PROFILE("seccomp-profile", "", Kind.TEXT, "", ""),
    SELINUX_ENABLED("selinux-enabled", "", Kind.BOOL, "", "SELinux"),
    SHUTDOWN_TIMEOUT("shutdown-timeout", "", Kind.TEXT, "", ""),
    STORAGE_DRIVER("storage-driver", "s", Kind.TEXT, "", ""),
    STORAGE_OPT("storage-opt", "", Kind.LIST, "storage-opts", "storage options"),
    SWARM_DEFAULT_ADVERTISE_ADDR("swarm-default-advertise-addr", "", Kind.TEXT, "", "swarm mode"),
    TLS("tls", "", Kind.BOOL, "", ""),
    TLSCACERT("tlscacert", "", Kind.TEXT, "", ""),
    TLSCERT("tlscert", "", Kind.TEXT, "", ""),
    TLSKEY("tlskey", "", Kind.TEXT, "", ""),
    TLSVERIFY("tlsverify", "", Kind.BOOL, "", ""),
    USERLAND_PROXY("userland-proxy", "", Kind.BOOL, "", ""),
    USERLAND_PROXY_PATH("userland-proxy-path", "", Kind.TEXT, "", ""),
    USERNS_REMAP("userns-remap", "", Kind.TEXT, "", "user namespaces"),
    VALIDATE("validate", "", Kind.BOOL, "", ""),
    VERSION("version", "v", Kind.BOOL, "", "");

    /** What a flag takes. */
    enum Kind {
        BOOL,
        TEXT,
        LIST
    }

    final String flag;
    final String shorthand;
    final Kind kind;
    /** The key in {@code daemon.json}. */
    final String key;
    /** What this engine lacks for it; empty if nothing. */
    final String refusal;

    DaemonFlag(String flag, String shorthand, Kind kind, String key, String refusal) {
        this.flag = flag;
        this.shorthand = shorthand;
        this.kind = kind;
        this.key = key.isEmpty() ? flag : key;
        this.refusal = refusal;
    }

    static @Nullable DaemonFlag byName(String name) {
        return Arrays.stream(values())
                .filter(f -> f.flag.equals(name))
                .findFirst()
                .orElse(null);
    }

    static @Nullable DaemonFlag byShorthand(char c) {
        return Arrays.stream(values())
                .filter(f -> f.shorthand.equals("" + c))
                .findFirst()
                .orElse(null);
    }

    static @Nullable DaemonFlag byKey(String key) {
        return Arrays.stream(values())
                .filter(f -> f.key.equals(key))
                .findFirst()
                .orElse(null);
    }
}
