package io.drydock.registry.server;

import io.drydock.registry.storage.Scrub;
import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.util.List;

/**
 * {@code registry scrub}: reads all blobs and tells which are damaged; exit code 1 if some are. A registry may serve meanwhile,
 * unless they are to be put aside.
 */
final class ScrubCommand {
    private static final String USAGE = """
            `scrub` reads all blobs and finds those that no longer have their digest

            Usage:
              registry scrub <config> [flags]

            Flags:
              -h, --help        help for scrub
                  --put-aside   move damaged blobs to .drydock/damaged, so that a push brings them back
              -q, --quiet       silence output
            """;

    private ScrubCommand() {}

    static void run(List<String> arguments) {
        StorageCommand.run("scrub", USAGE, """
                h help bool | help for scrub
                - put-aside bool | move damaged blobs to .drydock/damaged, so that a push brings them back
                q quiet bool | silence output
                """, arguments, (settings, flags, words) -> {
            var report = scrub(settings.storage(), flags.bool("put-aside"), flags.bool("quiet"));
            if (report.damaged() > 0) {
                System.exit(1);
            }
        });
    }

    private static Scrub.Report scrub(StorageSettings settings, boolean putAside, boolean quiet) throws IOException {
        // who serves the directory would not notice that a blob goes while it is being referred to
        var busy = "a registry serves " + settings.root()
                + ": stop it, or let it put blobs aside by itself: storage.maintenance.scrub";
        try (var lock = putAside ? StorageCommand.lock(settings, true, busy) : null;
                var storage = new Storage(Drivers.open(settings))) {
            var report = storage.scrub().run(putAside, quiet ? line -> {} : System.out::println);
            if (!quiet) {
                System.out.println(
                        report.blobs() + " blobs, " + report.bytes() + " bytes, " + report.damaged() + " damaged");
            }
            return report;
        }
    }
}
