package io.drydock.registry.server;

import io.drydock.flags.FlagException;
import io.drydock.registry.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

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
        StorageCommand.run("import", IMPORT, """
                h help bool | help for import
                - repository string | where the images go, instead of the names in the archive
                """, arguments, (settings, flags, words) -> {
            if (words.size() != 1) {
                throw new FlagException("it takes one archive");
            }
            if (settings.storage().readOnly()) {
                throw new IllegalArgumentException("the storage is read-only");
            }
            var into = flags.text("repository").isEmpty() ? null : Call.checked(flags.text("repository"));
            with(settings.storage(), storage -> {
                try (var in =
                        words.getFirst().equals("-") ? System.in : Files.newInputStream(Path.of(words.getFirst()))) {
                    new ImageImport(storage, into).run(in).forEach(System.out::println);
                }
            });
        });
    }

    static void exportArchive(List<String> arguments) {
        StorageCommand.run("export", EXPORT, """
                h help bool | help for export
                o output string | the archive, instead of standard output
                """, arguments, (settings, flags, words) -> {
            if (words.isEmpty()) {
                throw new FlagException("it takes the name of an image");
            }
            with(settings.storage(), storage -> {
                if (flags.text("output").isEmpty()) {
                    write(storage, words, System.out);
                } else {
                    write(storage, words, Path.of(flags.text("output")));
                }
            });
        });
    }

    /** The lock is shared with a registry that serves, but not with one who collects garbage alone. */
    private static void with(StorageSettings settings, Work work) throws IOException {
        var busy = "garbage is being collected in " + settings.root();
        try (var lock = settings.readOnly() ? null : StorageCommand.lock(settings, false, busy);
                var storage = new Storage(Drivers.open(settings))) {
            work.run(storage);
        }
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
}
