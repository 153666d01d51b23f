package io.drydock.docker.cli.completion;

import io.drydock.docker.cli.completion.LiveNames.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What flags take as arguments. */
final class FlagOffers {
    private static final String CAPABILITIES = "AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF"
            + " CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE"
            + " LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON"
            + " SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT"
            + " SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM";
    private static final String SIGNALS = "ABRT ALRM BUS CHLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT"
            + " SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";

    private FlagOffers() {}

    static Offer of(String path, String flag, LiveNames names, Map<String, String> environment) throws IOException {
        boolean creates = path.equals("container run") || path.equals("container create");
        if (creates) {
            Offer offer = ofCreation(flag, names);
            if (offer != null) {
                return offer;
            }
        }
        return switch (flag) {
            case "signal", "stop-signal" -> Offer.of(words("", SIGNALS));
            case "platform" ->
                Offer.of(
                        "linux/386",
                        "linux/amd64",
                        "linux/arm",
                        "linux/arm/v5",
                        "linux/arm/v6",
                        "linux/arm/v7",
                        "linux/arm64",
                        "linux/ppc64le",
                        "linux/riscv64",
                        "linux/s390x",
                        "windows/amd64");
            case "restart" -> Offer.of("no", "always", "on-failure", "unless-stopped");
            case "type" ->
                Offer.of(
                        "config",
                        "container",
                        "image",
                        "network",
                        "node",
                        "plugin",
                        "secret",
                        "service",
                        "task",
                        "volume");
            case "env" -> Offer.of(List.copyOf(environment.keySet()));
            case "filter" ->
                path.equals("system events")
                        ? Offer.beginnings(
                                "container=",
                                "daemon=",
                                "event=",
                                "image=",
                                "label=",
                                "network=",
                                "node=",
                                "scope=",
                                "type=",
                                "volume=")
                        : Offer.FILES;
            case "env-file", "label-file", "cidfile" -> Offer.FILES;
            default -> creates || path.equals("container exec") ? Offer.NOTHING : Offer.FILES;
        };
    }

    private static @org.jspecify.annotations.Nullable Offer ofCreation(String flag, LiveNames names)
            throws IOException {
        return switch (flag) {
            case "attach" -> Offer.of("stderr", "stdin", "stdout");
            case "cap-add", "cap-drop" -> {
                var all = words("CAP_", CAPABILITIES);
                all.addFirst("ALL");
                yield Offer.of(all);
            }
            case "cgroupns" -> Offer.of("host", "private");
            case "ipc" -> Offer.of("container:", "host", "none", "private", "shareable");
            case "pid" -> Offer.of("container:", "host");
            case "userns", "uts" -> Offer.of("host");
            case "link", "volumes-from" -> Offer.of(names.containers(State.ANY));
            case "log-driver" -> Offer.of("fluentd", "gelf", "journald", "json-file", "local", "none", "syslog");
            case "network" -> Offer.of(names.networks());
            case "pull" -> Offer.of("always", "missing", "never");
            case "security-opt" ->
                Offer.of("apparmor=", "label=", "no-new-privileges", "seccomp=", "systempaths=unconfined");
            case "storage-opt" -> Offer.beginnings("size=");
            case "ulimit" ->
                Offer.beginnings(
                        "as=",
                        "chroot=",
                        "core=",
                        "cpu=",
                        "data=",
                        "fsize=",
                        "locks=",
                        "maxlogins=",
                        "maxsyslogins=",
                        "memlock=",
                        "msgqueue=",
                        "nice=",
                        "nofile=",
                        "nproc=",
                        "priority=",
                        "rss=",
                        "rtprio=",
                        "sigpending=",
                        "stack=");
            case "volume-driver" -> Offer.of("local");
            default -> null;
        };
    }

    private static ArrayList<String> words(String prefix, String text) {
        var all = new ArrayList<String>();
        for (String word : text.split(" ")) {
            all.add(prefix + word);
        }
        return all;
    }
}
