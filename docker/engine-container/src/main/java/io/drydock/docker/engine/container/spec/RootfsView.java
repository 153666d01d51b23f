package io.drydock.docker.engine.container.spec;

import io.drydock.containerd.client.Mount;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads small files of a container's root file system without mounting it: the layers are looked through from the top. Links
 * are followed inside one layer only, and never out of it.
 */
public final class RootfsView {
    private static final int LIMIT = 1 << 20;

    private final Linux linux;
    private final List<Path> layers;

    private RootfsView(Linux linux, List<Path> layers) {
        this.linux = linux;
        this.layers = layers;
    }

    /** A view of what these mounts would show. */
    public static RootfsView of(Linux linux, List<Mount> mounts) {
        var layers = new ArrayList<Path>();
        for (Mount mount : mounts) {
            String upper = option(mount, "upperdir=");
            String lower = option(mount, "lowerdir=");
            if (!upper.isEmpty()) {
                layers.add(Path.of(upper));
            }
            for (String layer : lower.split(":")) {
                if (!layer.isEmpty()) {
                    layers.add(Path.of(layer));
                }
            }
            if (upper.isEmpty() && lower.isEmpty()) {
                layers.add(Path.of(mount.source()));
            }
        }
        return new RootfsView(linux, layers);
    }

    private static String option(Mount mount, String name) {
        for (String option : mount.options()) {
            if (option.startsWith(name)) {
                return option.substring(name.length());
            }
        }
        return "";
    }

    /**
     * The text of a file; empty if there is none.
     *
     * @param path relative to the root
     */
    public String read(String path) {
        for (Path layer : layers) {
            try (Fd root = linux.files().open(layer.toString(), O.PATH | O.DIRECTORY);
                    Fd file = linux.files()
                            .openat2(
                                    root,
                                    path,
                                    O.RDONLY | O.NONBLOCK | O.NOCTTY,
                                    0,
                                    Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
                return read(file);
            } catch (LinuxException e) {
                if (e.errno() == Errno.ENXIO || e.errno() == Errno.ELOOP) {
                    return ""; // a whiteout, or not a file
                }
            } catch (IOException e) {
                return "";
            }
        }
        return "";
    }

    private String read(Fd file) throws IOException {
        if (!linux.files().fstat(file).isRegular()) {
            return "";
        }
        var buffer = ByteBuffer.allocateDirect(64 * 1024);
        var text = new java.io.ByteArrayOutputStream();
        while (text.size() < LIMIT && linux.files().read(file, buffer.clear()) > 0) {
            byte[] piece = new byte[buffer.flip().remaining()];
            buffer.get(piece);
            text.writeBytes(piece);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
