package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import java.nio.file.Path;
import java.util.List;

/**
 * A container to create from a bundle (a directory with {@code config.json}).
 *
 * @param id matches {@code [A-Za-z0-9_+.-]+}, not {@code .} or {@code ..}
 * @param bundle absolute
 * @param rootfsMounts mounted at the spec's root, in order, inside the container's mount namespace only; may be empty
 * @param preserved descriptors the program gets as 3, 4, …
 * @param options seldom needed switches, {@link Options#DEFAULT}
 */
public record CreateRequest(
        String id, Path bundle, List<RootfsMount> rootfsMounts, Stdio stdio, List<Fd> preserved, Options options) {
    public CreateRequest {
        rootfsMounts = List.copyOf(rootfsMounts);
        preserved = List.copyOf(preserved);
    }

    /** As containerd describes a mount: overlay, bind, … with fstab-like options. */
    public record RootfsMount(String type, String source, List<String> options) {
        public RootfsMount {
            options = List.copyOf(options);
        }
    }

    /**
     * @param noPivot move the root instead of {@code pivot_root} (for a root on ramfs)
     * @param noNewKeyring keep the caller's session keyring
     * @param systemdCgroup {@code cgroupsPath} is {@code slice:prefix:name}
     * @param handOver once started, the container is this program's parent's or its subreaper's child, who waits for it, as
     *     with the original runc; else a keeper stays its parent
     * @param notifySocket the state's directory {@code notify} is at {@code /run/notify} in the container, whose program is told
     *     that {@code notify.sock} there hears of its readiness ({@code sd_notify(3)}); the caller listens
     */
    public record Options(
            boolean noPivot, boolean noNewKeyring, boolean systemdCgroup, boolean handOver, boolean notifySocket) {
        public static final Options DEFAULT = new Options(false, false, false);

        /** Without handing over and notifications. */
        public Options(boolean noPivot, boolean noNewKeyring, boolean systemdCgroup) {
            this(noPivot, noNewKeyring, systemdCgroup, false, false);
        }
    }
}
