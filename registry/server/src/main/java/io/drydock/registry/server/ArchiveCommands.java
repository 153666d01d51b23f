package io.drydock.registry.server;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import io.drydock.registry.storage.DirectoryLock;
import io.drydock.registry.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code registry import} and {@code registry export}: images between the storage and archives, whether a registry serves the
 * storage meanwhile or not.
 */
final class ArchiveCommands {
    private static final String IMPORT = """
            `import` takes the images of an archive: of `docker save` or an OCI layout in a tar, compressed or not

            Usage:
              registry import <config> <archive, - for standard input> [flags]

            Flags:
              -h, --help                help for import
                  --repository string   where the images go, instead of the names in the archive
            """;
    private static final String EXPORT = """
            `export` writes images into an archive, an OCI layout that `docker load` reads, too

            Usage:
              registry export <config> <name>[:<tag>|@<digest>]... [flags]

            Flags:
              -h, --help            help for export
              -o, --output string   the archive, instead of standard output
            """;

    private ArchiveCommands() {}

    /** What is done with the storage. */
    private interface Work {
        void run(Storage storage) throws IOException;
    }

    static void importArchive(List<String> arguments) {
        var flags = new FlagSet().define("""
                h help bool | help for import
                - repository string | where the images go, instead of the names in the archive
                """);
        run("import", IMPORT, flags, arguments, words -> {
            if (words.size() != 1) {
                throw new FlagException("import wants one archive");
            }
            var repository = flags.text("repository");
            var into = repository.isEmpty() ? null : checked(repository);
            return storage -> {
                try (var in = words.getFirst().equals("-") ? System.in : Files.newInputStream(Path.of(words.getFirst()))) {
                    take(storage, in, into);
                }
            };
        });
    }

    private static String checked(String repository) {
        try {
            return Call.checked(repository);
        } catch (ApiError e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void take(Storage storage, InputStream in, @Nullable String repository) throws IOException {
        new ImageImport(storage, repository).run(in).forEach(System.out::println);
    }

    static void exportArchive(List<String> arguments) {
        var flags = new FlagSet().define("""
                h help bool | help for export
                o output string | the archive, instead of standard output
                """);
        run("export", EXPORT, flags, arguments, words -> {
            if (words.isEmpty()) {
                throw new FlagException("export wants the name of an image");
            }
            return storage -> {
                if (flags.text("output").isEmpty()) {
                    write(storage, words, System.out);
                } else {
                    write(storage, words, Path.of(flags.text("output")));
                }
            };
        });
    }

    /** The file is there when it is whole. */
    private static void write(Storage storage, List<String> names, Path file) throws IOException {
        var aside = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            try (var out = Files.newOutputStream(aside)) {
                write(storage, names, out);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void write(Storage storage, List<String> names, OutputStream out) throws IOException {
        var buffered = new BufferedOutputStream(out, 1 << 16);
        var export = new ImageExport(storage, buffered);
        for (var name : names) {
            export.add(name);
        }
        export.finish();
        buffered.flush();
    }

    /** Prepares work from the words behind the configuration. */
    private interface Preparation {
        Work of(List<String> words) throws FlagException;
    }

    private static void run(
            String verb, String usage, FlagSet flags, List<String> arguments, Preparation preparation) {
        try {
            flags.parse(arguments);
            if (flags.bool("help")) {
                System.out.print(usage);
                return;
            }
            if (flags.rest().isEmpty()) {
                throw new FlagException("configuration path unspecified");
            }
            var settings = Settings.read(Path.of(flags.rest().getFirst()), System.getenv());
            if (settings.storage().readOnly() && verb.equals("import")) {
                throw new IllegalArgumentException("the storage is read-only");
            }
            var work = preparation.of(flags.rest().subList(1, flags.rest().size()));
            try (var lock = lock(settings.storage());
                    var storage = new Storage(Drivers.open(settings.storage()))) {
                work.run(storage);
            }
        } catch (FlagException | IOException | IllegalArgumentException | ApiError e) {
            Main.fail("failed to " + verb + ": " + e.getMessage());
        }
    }

    /** Shared with a registry that serves, but not with one who collects garbage alone. */
    private static @Nullable DirectoryLock lock(StorageSettings settings) throws IOException {
        if (!settings.kind().equals("filesystem") || settings.readOnly()) {
            return null;
        }
        return DirectoryLock.take(settings.root(), false)
                .orElseThrow(() -> new IOException("garbage is being collected in " + settings.root()));
    }
}
