package io.drydock.registry.server;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import io.drydock.registry.storage.DirectoryLock;
import io.drydock.registry.storage.Storage;
import io.drydock.registry.storage.Garbage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code registry garbage-collect}: collects once, while no registry writes to the directory. */
final class GarbageCommand {
    private static final String USAGE = """
            `garbage-collect` deletes layers not referenced by any manifests

            Usage:
              registry garbage-collect <config> [flags]

            Flags:
              -m, --delete-untagged   delete manifests that are not currently referenced via tag
              -d, --dry-run           do everything except remove the blobs
              -h, --help              help for garbage-collect
              -q, --quiet             silence output
            """;

    private GarbageCommand() {}

    static void run(List<String> arguments) {
        var flags = new FlagSet().define("""
                m delete-untagged bool | delete manifests that are not currently referenced via tag
                d dry-run bool | do everything except remove the blobs
                h help bool | help for garbage-collect
                q quiet bool | silence output
                """);
        try {
            flags.parse(arguments);
            if (flags.bool("help")) {
                System.out.print(USAGE);
                return;
            }
            var path = flags.rest().isEmpty()
                    ? System.getenv("REGISTRY_CONFIGURATION_PATH")
                    : flags.rest().getFirst();
            if (path == null || path.isEmpty()) {
                Main.fail("configuration error: configuration path unspecified");
                return;
            }
            var settings = Settings.read(Path.of(path), System.getenv());
            collect(
                    settings.storage(),
                    new Garbage.Policy(Duration.ZERO, flags.bool("delete-untagged"), flags.bool("dry-run")),
                    flags.bool("quiet"));
        } catch (FlagException | IOException | IllegalArgumentException e) {
            Main.fail("failed to garbage collect: " + e.getMessage());
        }
    }

    private static void collect(StorageSettings settings, Garbage.Policy policy, boolean quiet) throws IOException {
        try (var lock = lock(settings);
                var storage = new Storage(Drivers.open(settings))) {
            var report = storage.garbage().collect(policy, quiet ? line -> {} : System.out::println);
            if (!quiet) {
                System.out.println(report.manifests() + " manifests, " + report.links() + " links, " + report.blobs()
                        + " blobs eligible for deletion, " + report.bytes() + " bytes");
            }
        }
    }

    /** Nobody else may use a directory. Who uses a bucket is not known: that is the caller's to see to. */
    private static @Nullable DirectoryLock lock(StorageSettings settings) throws IOException {
        if (!settings.kind().equals("filesystem")) {
            return null;
        }
        return DirectoryLock.take(settings.root(), true)
                .orElseThrow(() -> new IOException("a registry serves " + settings.root()
                        + ": stop it or make it read-only (or let it collect by itself:"
                        + " storage.maintenance.garbagecollection)"));
    }
}
