package io.drydock.registry.server;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagSet;
import io.drydock.registry.storage.DirectoryLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commands have in common that work on the storage of a configuration. */
final class StorageCommand {
    private StorageCommand() {}

    /** What a command does. */
    interface Work {
        /** @param words behind the configuration */
        void run(Settings settings, FlagSet flags, List<String> words) throws FlagException, IOException;
    }

    /**
     * Reads flags and configuration, and ends the process with a message if something fails.
     *
     * @param verb what failed then
     * @param flagTable as {@link FlagSet#define} has it; with a flag {@code help}
     */
    static void run(String verb, String usage, String flagTable, List<String> arguments, Work work) {
        var flags = new FlagSet().define(flagTable);
        try {
            flags.parse(arguments);
            if (flags.bool("help")) {
                System.out.print(usage);
                return;
            }
            var words = flags.rest();
            var path = words.isEmpty() ? System.getenv("REGISTRY_CONFIGURATION_PATH") : words.getFirst();
            if (path == null || path.isEmpty()) {
                Main.fail("configuration error: configuration path unspecified");
                return;
            }
            work.run(
                    Settings.read(Path.of(path), System.getenv()),
                    flags,
                    words.isEmpty() ? words : words.subList(1, words.size()));
        } catch (FlagException | IOException | IllegalArgumentException | ApiError e) {
            Main.fail("failed to " + verb + ": " + e.getMessage());
        }
    }

    /**
     * Keeps others from a directory: all, or those who collect garbage. Who uses a bucket is not known: that is the caller's to see
     * to. Null if there is nothing to lock.
     *
     * @param busy what is said if others have it
     */
    static @Nullable DirectoryLock lock(StorageSettings settings, boolean alone, String busy) throws IOException {
        if (!settings.kind().equals("filesystem")) {
            return null;
        }
        return DirectoryLock.take(settings.root(), alone).orElseThrow(() -> new IOException(busy));
    }
}
