package io.drydock.registry.server;

import io.drydock.registry.storage.Garbage;
import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

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
        StorageCommand.run(
                "garbage collect",
                USAGE,
                """
                m delete-untagged bool | delete manifests that are not currently referenced via tag
                d dry-run bool | do everything except remove the blobs
                h help bool | help for garbage-collect
                q quiet bool | silence output
                """,
                arguments,
                (settings, flags, words) -> collect(
                        settings.storage(),
                        new Garbage.Policy(Duration.ZERO, flags.bool("delete-untagged"), flags.bool("dry-run")),
                        flags.bool("quiet")));
    }

    private static void collect(StorageSettings settings, Garbage.Policy policy, boolean quiet) throws IOException {
        var busy =
                "a registry serves " + settings.root() + ": stop it or make it read-only (or let it collect by itself:"
                        + " storage.maintenance.garbagecollection)";
        try (var lock = StorageCommand.lock(settings, true, busy);
                var storage = new Storage(Drivers.open(settings))) {
            var report = storage.garbage().collect(policy, quiet ? line -> {} : System.out::println);
            if (!quiet) {
                System.out.println(report.manifests() + " manifests, " + report.links() + " links, " + report.blobs()
                        + " blobs eligible for deletion, " + report.bytes() + " bytes");
            }
        }
    }
}
