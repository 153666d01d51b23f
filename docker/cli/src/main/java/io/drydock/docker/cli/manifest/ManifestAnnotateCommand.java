package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker manifest annotate}: says what an image of a list runs on. */
public final class ManifestAnnotateCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.exactly(2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ManifestStore(cli);
        String list = ManifestStore.fullName(Reference.parse(arguments.getFirst()));
        String name = ManifestStore.fullName(Reference.parse(arguments.getLast()));
        Map<String, Object> image = store.get(list, name);
        if (image == null) {
            throw new CliException(
                    "manifest for image " + arguments.getLast() + " does not exist in " + arguments.getFirst());
        }
        Map<String, Object> descriptor = Json.map(image.get("Descriptor"));
        var platform = new LinkedHashMap<>(Json.map(descriptor.get("platform")));
        set(platform, "architecture", flags.text("arch"));
        set(platform, "os", flags.text("os"));
        set(platform, "os.version", flags.text("os-version"));
        set(platform, "variant", flags.text("variant"));
        var features = new java.util.LinkedHashSet<Object>(Json.list(platform.get("os.features")));
        features.addAll(flags.list("os-features"));
        if (!features.isEmpty()) {
            platform.put("os.features", List.copyOf(features));
        }
        descriptor.put("platform", platform);
        store.save(list, name, image);
        return 0;
    }

    private static void set(Map<String, Object> platform, String member, String value) {
        if (!value.isEmpty()) {
            platform.put(member, value);
        }
    }
}
