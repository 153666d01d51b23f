package io.drydock.e2e;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A small root file system out of Debian's static busybox, as a tar to `docker import`. */
final class BusyboxImage {
    private BusyboxImage() {}

    /** Writes the tar of the root file system and answers its path. */
    static Path rootfs(Path directory) {
        try {
            var root = Files.createDirectories(directory.resolve("rootfs"));
            for (var folder : new String[] {"bin", "etc", "root", "tmp", "var", "www", "home", "usr/bin"}) {
                Files.createDirectories(root.resolve(folder));
            }
            Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
            var busybox = root.resolve("bin/busybox");
            Files.copy(Programs.original("busybox"), busybox, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (var applet :
                    Command.of(busybox.toString(), "--list").run().ok().out().split("\n")) {
                var link = root.resolve("bin").resolve(applet);
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, Path.of("busybox"));
                }
            }
            Files.writeString(
                    root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/home:/bin/sh\n");
            Files.writeString(root.resolve("etc/group"), "root:x:0:\nguest:x:1000:\nextra:x:2000:guest\n");
            Files.writeString(root.resolve("www/index.html"), "it works\n");
            var tar = directory.resolve("rootfs.tar");
            Command.of(
                            "tar",
                            "--numeric-owner",
                            "--owner=0",
                            "--group=0",
                            "-C",
                            root.toString(),
                            "-cf",
                            tar.toString(),
                            ".")
                    .run()
                    .ok();
            return tar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
