package io.drydock.docker.engine.container.volume;

import io.drydock.docker.engine.container.store.VolumeRecord;
import io.drydock.docker.engine.container.watch.Apart;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Volumes in directories of the engine: {@code <data-root>/volumes/NAME/_data}. */
final class LocalDriver implements VolumeDriver {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDriver.class);

    private final Linux linux;
    private final Path root;

    LocalDriver(Linux linux, Path root) throws IOException {
        this.linux = linux;
        this.root = root;
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx-----x"));
    }

    Path data(String name) {
        return root.resolve(name).resolve("_data");
    }

    @Override
    public String name() {
        return VolumeRecord.LOCAL;
    }

    @Override
    public void create(String name, Map<String, String> options) {
        try {
            Files.createDirectories(data(name));
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void remove(String name) {
        try {
            FileTree.delete(root.resolve(name));
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Path mount(VolumeRecord volume, String user, boolean first) {
        Path data = data(volume.name());
        if (first && !volume.options().isEmpty()) {
            apart(
                    "error while mounting volume '" + data + "'",
                    () -> {
                        boolean mounts = !isMountPoint(data);
                        if (mounts) {
                            VolumeOptions.mount(linux, volume.options(), data);
                        }
                        return mounts;
                    },
                    mounts -> {
                        if (mounts) {
                            unmount(data);
                        }
                    });
        }
        return data;
    }

    private static <T> void apart(String what, Apart.Work<T> work, Consumer<T> late) {
        try {
            Apart.call(what, Apart.PATIENCE, work, late);
        } catch (IOException e) {
            throw EngineException.system(what + ": " + e.getMessage(), e);
        }
    }

    private void unmount(Path data) {
        try {
            VolumeOptions.unmount(linux, data);
        } catch (IOException e) {
            LOG.warn("unmount \"{}\": {}", data, e.getMessage());
        }
    }

    @Override
    public void unmount(VolumeRecord volume, String user, boolean last) {
        if (!last || volume.options().isEmpty()) {
            return;
        }
        Path data = data(volume.name());
        apart(
                "error while unmounting volume '" + data + "'",
                () -> {
                    VolumeOptions.unmount(linux, data);
                    return data;
                },
                unmounted -> {});
    }

    private static boolean isMountPoint(Path path) {
        try {
            String point = path.toRealPath().toString();
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .anyMatch(line -> line.split(" ")[4].equals(point));
        } catch (IOException e) {
            return false;
        }
    }
}
