package io.drydock.bench;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;

/** The image that both engines run: Debian's static busybox. */
final class Image {
    private Image() {}

    static void load(Engine engine) throws IOException {
        var rootfs = engine.directory.resolve("rootfs");
        var root = Files.createDirectories(rootfs.resolve("bin"));
        Command.of("cp", "/bin/busybox", root.toString()).run().ok();
        Command.of(root.resolve("busybox").toString(), "--install", "-s", root.toString())
                .run()
                .ok();
        Command.of("sh", "-c", "cd " + root + " && for a in *; do [ $a = busybox ] || ln -sf busybox $a; done")
                .run()
                .ok();
        var tar = engine.directory.resolve("rootfs.tar");
        Command.of("tar", "-C", rootfs.toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        engine.docker("import", tar.toString(), "box").run().ok();
    }
}
