package io.drydock.containerd.server.tasks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task's directory; its layout stands in the package's description. */
record Bundle(TaskKey key, Path path) {
    private static final String BOOTSTRAP = "bootstrap.json";
    private static final String LEGACY_ADDRESS = "address";
    private static final String BINARY = "shim-binary-path";

    /** @throws java.nio.file.FileAlreadyExistsException if the task has one already */
    static Bundle create(Path state, Path root, TaskKey key, byte[] spec) throws IOException {
        Path namespace = state.resolve(key.namespace());
        Files.createDirectories(
                namespace, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        Bundle bundle = new Bundle(key, namespace.resolve(key.id()));
        Files.createDirectory(
                bundle.path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        try {
            Files.createDirectory(bundle.rootfs());
            Path work = root.resolve(key.namespace()).resolve(key.id());
            Files.createDirectories(work);
            Files.createSymbolicLink(bundle.path.resolve("work"), work);
            Files.write(bundle.path.resolve("config.json"), spec);
            return bundle;
        } catch (IOException e) {
            bundle.delete();
            throw e;
        }
    }

    /** Every bundle below a state directory. */
    static List<Bundle> all(Path state) throws IOException {
        List<Bundle> bundles = new ArrayList<>();
        if (Files.isDirectory(state)) {
            try (DirectoryStream<Path> namespaces = Files.newDirectoryStream(state)) {
                for (Path namespace : namespaces) {
                    try (DirectoryStream<Path> ids = Files.newDirectoryStream(namespace)) {
                        for (Path id : ids) {
                            bundles.add(new Bundle(
                                    new TaskKey(
                                            namespace.getFileName().toString(),
                                            id.getFileName().toString()),
                                    id));
                        }
                    }
                }
            }
        }
        return bundles;
    }

    Path rootfs() {
        return path.resolve("rootfs");
    }

    /** Notes which shim serves the task, for the next containerd. */
    void write(ShimAddress address, Path binary) throws IOException {
        Files.writeString(path.resolve(BINARY), binary.toString());
        Path temporary = path.resolve("." + BOOTSTRAP);
        Files.writeString(temporary, address.json());
        Files.move(temporary, path.resolve(BOOTSTRAP), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Where the task's shim is, or null if it was never started. */
    @Nullable
    ShimAddress address() throws IOException {
        for (String name : new String[] {BOOTSTRAP, LEGACY_ADDRESS}) {
            try {
                return ShimAddress.parse(Files.readAllBytes(path.resolve(name)));
            } catch (NoSuchFileException e) {
                // The other one may be there.
            }
        }
        return null;
    }

    /** The shim's program, or null if none was started. */
    @Nullable
    Path binary() throws IOException {
        try {
            return Path.of(Files.readString(path.resolve(BINARY)).strip());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Removes the bundle and what the work link names; the root must not be mounted any more. */
    void delete() throws IOException {
        // First what fails if the root is still mounted, so that the bundle then stays whole.
        Files.deleteIfExists(rootfs());
        Path link = path.resolve("work");
        if (Files.isSymbolicLink(link)) {
            remove(Files.readSymbolicLink(link));
        }
        remove(path);
    }

    static void remove(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
