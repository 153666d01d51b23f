package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.runc.Options;

/**
 * Options of the runc runtime.
 *
 * @param binaryName another OCI runtime's name or path; empty for the built-in one
 * @param root where the runtime keeps its state, the namespace is appended; empty for {@code /run/containerd/runc}
 * @param ioUid who owns the container's stdio
 */
public record RuncOptions(
        String binaryName,
        String root,
        boolean systemdCgroup,
        boolean noPivotRoot,
        boolean noNewKeyring,
        int ioUid,
        int ioGid) {
    static final String TYPE = "containerd.runc.v1.Options";

    /** The defaults. */
    public RuncOptions() {
        this("", "", false, false, false, 0, 0);
    }

    Any toAny() {
        ByteString value = Options.newBuilder()
                .setBinaryName(binaryName)
                .setRoot(root)
                .setSystemdCgroup(systemdCgroup)
                .setNoPivotRoot(noPivotRoot)
                .setNoNewKeyring(noNewKeyring)
                .setIoUid(ioUid)
                .setIoGid(ioGid)
                .build()
                .toByteString();
        return Any.newBuilder().setTypeUrl(TYPE).setValue(value).build();
    }
}
