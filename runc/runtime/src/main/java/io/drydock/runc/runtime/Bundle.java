package io.drydock.runc.runtime;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a container is made from: its configuration as it was read, and the root file system that it names. */
record Bundle(byte[] json, Spec spec, Path rootfs) {
    static Bundle read(Path directory) throws IOException {
        byte[] json = Files.readAllBytes(directory.resolve("config.json"));
        Spec spec = OciJson.read(Spec.class, json);
        return new Bundle(json, spec, rootfs(directory, spec));
    }

    private static Path rootfs(Path directory, Spec spec) throws IOException {
        String path = spec.root() == null ? "" : spec.root().path();
        Path rootfs = directory.toRealPath().resolve(path).normalize();
        if (!Files.isDirectory(rootfs)) {
            throw new IOException("invalid rootfs: stat " + rootfs + ": no such file or directory");
        }
        if (!rootfs.toRealPath().equals(rootfs)) {
            throw new RuntimeFailure(RuntimeFailure.Kind.INVALID, "invalid rootfs: not an absolute path, or a symlink");
        }
        return rootfs;
    }
}
